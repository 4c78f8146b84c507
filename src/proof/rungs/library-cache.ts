import { librariesOf } from '../../analysis/index.ts'
import { isAppEntry } from '../files/index.ts'
import { type Side, targetOf } from '../side.ts'
import type { Evidence } from '../verdict.ts'

/**
 * Libraries of the app that fat's loader finds by their bare names and lean's does not, although they are there: nobody
 * ran ldconfig after they were copied. `linked` holds the files that something links: those are found in another way.
 */
export function unreachableLibraries(
  fat: Side,
  lean: Side,
  linked: ReadonlySet<string>,
): readonly Evidence[] {
  const own = fat
    .ownEntries()
    .filter(
      (entry) =>
        /\/lib[^/]+\.so(?:\.\d[^/]*)?$/.test(entry.path) &&
        (entry.kind === 'file' || entry.kind === 'symlink') &&
        isAppEntry(entry, fat),
    )
  if (own.length === 0) return []
  const [before, after] = [librariesOf(fat.tree), librariesOf(lean.tree)]
  const searched = lean.env.flatMap((line) =>
    line.startsWith('LD_LIBRARY_PATH=') ? line.slice('LD_LIBRARY_PATH='.length).split(':') : [],
  )
  return own.flatMap(({ path }): readonly Evidence[] => {
    const at = path.lastIndexOf('/')
    const [dir, name] = [path.slice(0, at), path.slice(at + 1)]
    const twin = targetOf(lean.tree, path)
    if (!twin || linked.has(twin.path) || searched.includes(dir)) return []
    if (before.byName(name) !== targetOf(fat.tree, path)?.path) return []
    if (after.byName(name) !== undefined) return []
    return [
      {
        message: `${name} is in lean and its loader does not find it: ${path} (ldconfig was not run)`,
        subject: name,
        path,
        fat: 'found by its name',
        lean: 'not found by its name',
      },
    ]
  })
}
