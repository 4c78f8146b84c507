import type { FileTree, TreeEntry } from '../../image/index.ts'

const chunk = 1024 * 1024

/** True when two regular files hold the same bytes; reads a megabyte at a time and stops at the first difference. */
export function sameContent(
  a: { readonly tree: FileTree; readonly entry: TreeEntry },
  b: { readonly tree: FileTree; readonly entry: TreeEntry },
): boolean {
  if (a.entry.size !== b.entry.size) return false
  for (let offset = 0; offset < a.entry.size; offset += chunk) {
    const part = { offset, length: Math.min(chunk, a.entry.size - offset) }
    const [left, right] = [a.tree.read(a.entry.path, part), b.tree.read(b.entry.path, part)]
    if (Buffer.compare(left, right) !== 0) return false
  }
  return true
}
