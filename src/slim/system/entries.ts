import type { FileTree, TreeEntry } from '../../image/index.ts'

const known = new WeakMap<FileTree, readonly TreeEntry[]>()

/** Every entry of a tree. A plan asks many times, and walking a tree is what planning takes its time for. */
export function entriesOf(tree: FileTree): readonly TreeEntry[] {
  const before = known.get(tree)
  if (before) return before
  const entries = [...tree.walk()]
  known.set(tree, entries)
  return entries
}
