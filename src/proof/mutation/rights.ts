import { readResolved, type TreeEntry } from '../../image/index.ts'
import { explain, isAppEntry } from '../files/index.ts'
import { type Side, sideOf, targetOf } from '../side.ts'
import { derived, type Mutant } from './mutant.ts'
import { withEntry, withText } from './trees.ts'

/** The user that the image runs as, by name. */
export function users(lean: Side): readonly Mutant[] {
  const name = (lean.config.User ?? '').split(':')[0] ?? ''
  const bytes = readResolved(lean.tree, '/etc/passwd')
  if (name === '' || /^\d+$/.test(name) || !bytes) return []
  const lines = new TextDecoder().decode(bytes).split('\n')
  const left = lines.filter((line) => !line.startsWith(`${name}:`)).join('\n')
  return [
    {
      kind: 'user',
      what: name,
      names: [name],
      rungs: ['P2'],
      make: () =>
        derived(lean, sideOf({ ...lean.subject, tree: withText(lean.tree, '/etc/passwd', left) })),
    },
  ]
}

/** Directories and files of one kind are tried up to this many times. */
const most = 8

/**
 * Rights that lean's start and its app need: the exec bit of what it starts, the right to read of what the app brings,
 * and the owner of what does not belong to root.
 */
export function permissions(fat: Side, lean: Side): readonly Mutant[] {
  const started = lean.programs().flatMap(({ path }) => {
    const real = path === undefined ? undefined : targetOf(lean.tree, path)
    return real?.kind === 'file' ? [{ real, names: [real.path, path ?? ''] }] : []
  })
  const own = lean
    .ownEntries()
    .filter(
      (entry) =>
        entry.kind !== 'symlink' &&
        isAppEntry(entry, lean) &&
        [fat, lean].every((side) => explain(entry, side) === undefined),
    )
  const readable = own.filter(({ kind, mode }) => kind === 'file' && (mode & 0o004) !== 0)
  const given = own.filter(({ uid, gid }) => uid !== 0 || gid !== 0)
  const special = lean
    .ownEntries()
    .filter(({ kind, mode }) => kind === 'file' && (mode & 0o6000) !== 0)
  return [
    ...byPath(started).map(({ real, names }) =>
      changed(lean, real, { mode: real.mode & ~0o111 }, 'not executable', names),
    ),
    ...readable
      .slice(0, most)
      .map((entry) => changed(lean, entry, { mode: entry.mode & ~0o044 }, 'not readable')),
    ...given
      .slice(0, most)
      .map((entry) => changed(lean, entry, { uid: 0, gid: 0 }, 'owned by root')),
    ...special
      .slice(0, most)
      .map((entry) =>
        changed(lean, entry, { mode: entry.mode & ~0o6000 }, 'without its special bits'),
      ),
  ]
}

type Change = { readonly mode?: number; readonly uid?: number; readonly gid?: number }

function changed(
  lean: Side,
  entry: TreeEntry,
  change: Change,
  how: string,
  names: readonly string[] = [entry.path],
): Mutant {
  return {
    kind: 'permission',
    what: `${entry.path} ${how}`,
    names,
    rungs: ['P2', 'P4'],
    make: () =>
      derived(
        lean,
        sideOf({ ...lean.subject, tree: withEntry(lean.tree, { ...entry, ...change }) }),
      ),
  }
}

function byPath<T extends { readonly real: TreeEntry }>(all: readonly T[]): readonly T[] {
  return [...new Map(all.map((one) => [one.real.path, one])).values()]
}
