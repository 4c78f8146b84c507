import type { FileTree, TreeEntry } from '../../image/index.ts'
import { realFile } from '../canonical.ts'
import { headOf } from '../text.ts'
import type { Elf } from '../types.ts'
import { walkUnder, walkVisible } from '../walk.ts'
import { readElfFrom } from './read-elf.ts'

/** Reads the ELF file that a path leads to, through symlinks. @returns undefined when it is none or unreadable */
export function readElfAt(tree: FileTree, path: string): Elf | undefined {
  const real = realFile(tree, path)
  const size = real === undefined ? 0 : (tree.lookup(real)?.size ?? 0)
  if (real === undefined || size < 52) return undefined
  try {
    return readElfFrom((offset, length) => tree.read(real, { offset, length }), size)
  } catch {
    return undefined
  }
}

/**
 * Regular files that begin with the ELF magic, links not followed, /proc, /sys and /dev left out.
 * @param under a directory; the whole tree when absent
 */
export function* allElfFiles(tree: FileTree, under?: string): Iterable<TreeEntry> {
  const entries = under === undefined ? walkVisible(tree) : walkUnder(tree, under)
  for (const entry of entries) if (isElf(tree, entry)) yield entry
}

/** True for a regular file that begins with the ELF magic; reads four bytes. */
export function isElf(tree: FileTree, entry: TreeEntry): boolean {
  if (entry.kind !== 'file' || entry.size < 52) return false
  const head = headOf(tree, entry.path, entry.size, 4)
  return head[0] === 0x7f && head[1] === 0x45 && head[2] === 0x4c && head[3] === 0x46
}
