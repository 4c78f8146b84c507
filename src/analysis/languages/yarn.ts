import { parentOf } from '../canonical.ts'
import type { NodePackage } from '../node/index.ts'
import type { Package } from '../types.ts'
import { asText, objectAt } from './json.ts'
import { factOf, factsOf, wholeClaim } from './rules.ts'
import type { Survey } from './survey.ts'
import type { Claim, Reading } from './types.ts'

/** Yarn 1 as Node's images install it: `/opt/yarn-v1.22.22`, outside of any `node_modules`. */
export function standaloneYarn({ tree, marks }: Survey): readonly NodePackage[] {
  return marks('package.json').flatMap(({ path }) => {
    if (!/^\/opt\/yarn[^/]*\/package\.json$/.test(path)) return []
    const { name, version } = objectAt(tree, path) ?? {}
    const [named, dated] = [asText(name), asText(version)]
    return named === undefined || dated === undefined
      ? []
      : [{ name: named, version: dated, path: parentOf(path), natives: [] }]
  })
}

/** Where Yarn 1 keeps what it fetched: below `/usr/local/share` when root runs it. */
export function yarnCaches({ tree }: Survey): readonly Claim[] {
  const homes = ['/root', ...tree.readdir('/home').map((name) => `/home/${name}`)]
  return ['/usr/local/share/.cache/yarn', ...homes.map((home) => `${home}/.cache/yarn`)]
    .filter((dir) => tree.lookup(dir)?.kind === 'dir')
    .map((dir) => wholeClaim(dir, factOf('package-caches', dir, 'what Yarn fetched')))
}

/** `@babel-core-npm-7.24.0-9a54b1d8ee-10c0.zip`: the scope's slash is a hyphen, and the last parts are checksums. */
const archive = /^(@[^-]+-)?(.+)-npm-(\d.*?)-[0-9a-f]{10}(?:-\w+)?\.zip$/

/**
 * Plug'n'Play: packages stay packed in `.yarn/cache`, and `.pnp.cjs` beside it says where each is. Without that file the
 * directory only saves the next install a download. What has to lie unpacked is below `.yarn/unplugged`, in
 * directories that look like any other package's.
 */
export function plugAndPlay({ tree, marks }: Survey): Reading {
  const packages: Package[] = []
  const files = new Map<string, Claim>()
  const claims = marks('yarn-cache').flatMap(({ path }): readonly Claim[] => {
    if (!path.endsWith('/.yarn/cache')) return []
    const project = parentOf(parentOf(path))
    if (!tree.lookup(`${project}/.pnp.cjs`) && !tree.lookup(`${project}/.pnp.js`))
      return [wholeClaim(path, factOf('package-caches', path, 'what Yarn fetched'))]
    for (const one of tree.readdir(path)) {
      const [, scope = '', name, version] = archive.exec(one) ?? []
      if (name === undefined || version === undefined) continue
      const owner: Package = {
        ...{ manager: 'npm', name: `${scope.replace(/-$/, '/')}${name}`, version },
        ...{ depends: [], provides: [], files: [`${path}/${one}`], path: `${path}/${one}` },
      }
      packages.push(owner)
      files.set(`${path}/${one}`, wholeClaim(path, factsOf(owner, 'its archive')()))
    }
    return []
  })
  return { claims, files, packages }
}
