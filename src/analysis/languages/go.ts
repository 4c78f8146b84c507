import { nameOf, parentOf } from '../canonical.ts'
import { textAt } from '../text.ts'
import { factOf, wholeClaim } from './rules.ts'
import type { Survey } from './survey.ts'
import type { Claim } from './types.ts'

/**
 * Go's toolchains (`GOROOT`: a `VERSION` file beside `bin/go`), module caches (`pkg/mod` with `cache/download`) and
 * build caches. An image that starts `go run` needs all of them.
 */
export function goClaims(survey: Survey): readonly Claim[] {
  const isUsed = survey.starts(/^go$/)
  const toolchains = survey.marks('go').flatMap(({ path, kind }): readonly Claim[] => {
    const root = parentOf(parentOf(path))
    if (kind !== 'file' || nameOf(parentOf(path)) !== 'bin' || root === '/') return []
    const version = /^go(\d\S*)/.exec(textAt(survey.tree, `${root}/VERSION`, 4096) ?? '')?.[1]
    if (version === undefined) return []
    const what = `Go ${version}`
    return [
      wholeClaim(
        root,
        isUsed
          ? factOf('runtime', what, 'the image starts it')
          : factOf('compilers', what, 'a toolchain, by its VERSION'),
      ),
    ]
  })
  const caches = survey.marks('go-modules').flatMap(({ path }): readonly Claim[] => {
    const root = parentOf(parentOf(path))
    if (!root.endsWith('/pkg/mod')) return []
    const fact = isUsed
      ? factOf('language-packages', root, 'modules that go run compiles')
      : factOf('package-caches', root, 'modules that were compiled into programs')
    return [wholeClaim(root, fact)]
  })
  const builds = survey
    .marks('go-build')
    .filter(({ path }) => survey.tree.lookup(`${path}/trim.txt`) !== undefined)
    .map(({ path }) =>
      wholeClaim(
        path,
        isUsed
          ? factOf('language-packages', path, 'what go run compiled')
          : factOf('package-caches', path, "Go's build cache"),
      ),
    )
  return [...toolchains, ...caches, ...builds]
}
