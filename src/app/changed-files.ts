import type { LayerId } from '../build/index.ts'
import type { FileTree, TreeEntry } from '../image/index.ts'
import type { Store } from '../store/index.ts'

/** A file that one layer has otherwise than another. */
export type ChangedFile = {
  /** Absolute in the image. */
  readonly path: string
  readonly change: 'added' | 'removed' | 'kind' | 'content' | 'mode' | 'owner' | 'link'
}

/** Enough to see what happened. */
const most = 10

/** The first files in which two layers differ, times left out: they are in no key. */
export function changedFiles(
  store: Pick<Store, 'tree'>,
  was: LayerId,
  is: LayerId,
): readonly ChangedFile[] {
  if (was === is) return []
  const [old, now] = [store.tree([was]), store.tree([is])]
  // Files of another time first: reading all of them is the last resort.
  const quick = [...differences(old, now, (a, b) => a.mtime !== b.mtime)]
  return quick.length > 0 ? quick : [...differences(old, now, () => true)]
}

function* differences(
  old: FileTree,
  now: FileTree,
  worthReading: (a: TreeEntry, b: TreeEntry) => boolean,
): Iterable<ChangedFile> {
  let found = 0
  const all = new Set([...old.walk(), ...now.walk()].map(({ path }) => path))
  for (const path of all) {
    const [a, b] = [old.lookup(path), now.lookup(path)]
    const change =
      a === undefined
        ? 'added'
        : b === undefined
          ? 'removed'
          : (changeOf(a, b) ??
            (a.kind === 'file' && worthReading(a, b) && !sameBytes(old, now, path)
              ? 'content'
              : null))
    if (change === null) continue
    yield { path, change }
    found += 1
    if (found === most) return
  }
}

function changeOf(a: TreeEntry, b: TreeEntry): ChangedFile['change'] | null {
  if (a.kind !== b.kind) return 'kind'
  if (a.size !== b.size) return 'content'
  if (a.mode !== b.mode) return 'mode'
  if (a.uid !== b.uid || a.gid !== b.gid) return 'owner'
  return a.link === b.link ? null : 'link'
}

function sameBytes(old: FileTree, now: FileTree, path: string): boolean {
  return Buffer.compare(old.read(path), now.read(path)) === 0
}
