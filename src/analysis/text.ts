import { type FileTree, resolvePath } from '../image/index.ts'

/** Text files that describe packages are small; what is larger is not one. */
const limit = 64 * 1024 * 1024

const decoder = new TextDecoder()

/** The text of a regular file, through symlinks; undefined when it is missing, special, unreadable or huge. */
export function textAt(tree: FileTree, path: string, max: number = limit): string | undefined {
  try {
    const { entry, path: real } = resolvePath(tree, path)
    if (entry?.kind !== 'file' || entry.size > max) return undefined
    return decoder.decode(tree.read(real))
  } catch {
    return undefined
  }
}

/** Up to `length` first bytes of a regular file, which must not be a symlink; empty when it cannot be read. */
export function headOf(tree: FileTree, path: string, size: number, length: number): Uint8Array {
  try {
    return tree.read(path, { offset: 0, length: Math.min(size, length) })
  } catch {
    return new Uint8Array(0)
  }
}
