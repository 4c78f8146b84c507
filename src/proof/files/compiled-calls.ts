import { filesNamedBy, isBuildPackage, librariesOf, readElfAt } from '../../analysis/index.ts'
import { entryAt, type Side, targetOf } from '../side.ts'
import type { Evidence } from '../verdict.ts'
import { explain } from './explain.ts'

type Check = { readonly examined: number; readonly failures: readonly Evidence[] }

const program = /^\/(?:usr\/(?:local\/)?)?s?bin\/[^/]+$/
const library = /\.so(?:\.\d+)+$/

/**
 * Programs and libraries of the system that a compiled program of the app names, by absolute path or soname, that fat
 * has and lean lacks: what it would start or open by that name. Build tools named in debug information do not count.
 */
export function missingCompiledCalls(fat: Side, lean: Side): Check {
  const own = fat
    .ownEntries()
    .filter(
      (entry) =>
        entry.kind === 'file' &&
        fat.packages()?.ownerOf(entry.path) === undefined &&
        entryAt(lean.tree, entry.path) !== undefined &&
        explain(entry, fat) === undefined &&
        readElfAt(fat.tree, entry.path) !== undefined,
    )
    .filter(({ path }) => isStarted(fat, path) || /\/s?bin\/[^/]+$/.test(path))
  const named = filesNamedBy(
    fat.tree,
    own.map(({ path }) => path),
  ).filter(({ path }) => program.test(path) || library.test(path))
  const libraries = librariesOf(lean.tree)
  const failures = named.flatMap(({ path, name, by }): readonly Evidence[] => {
    const owner = fat.packages()?.ownerOf(path)
    if (!owner || isBuildPackage(owner) || targetOf(lean.tree, path)) return []
    if (library.test(path) && libraries.byName(name) !== undefined) return []
    return [
      {
        message: `${name}, which ${by} names, is missing in lean; ${owner.name} provides it in fat`,
        subject: name,
        path,
        package: owner.name,
        fat: path,
        lean: 'absent',
        missing: { kind: 'file', path, package: owner.name },
      },
    ]
  })
  return { examined: named.length, failures }
}

function isStarted(side: Side, path: string): boolean {
  return side.programs().some((one) => one.path === path)
}
