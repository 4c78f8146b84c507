import type { FileTree } from '../../../image/index.ts'
import { realFile } from '../../canonical.ts'
import { rowsOf, type Value } from '../../sqlite/index.ts'

/** A larger file is no database of a package manager. */
export const mostBytes: number = 512 * 1024 * 1024

/** The rows of a table of an SQLite file in the image, with what its write-ahead log has committed. */
export function tableAt(
  tree: FileTree,
  path: string,
  table: string,
): readonly (readonly Value[])[] | undefined {
  const real = realFile(tree, path)
  if (real === undefined) return undefined
  const log = tree.lookup(`${real}-wal`)
  return rowsOf(
    (offset, length) => tree.read(real, { offset, length }),
    table,
    log?.kind === 'file' && log.size <= mostBytes ? tree.read(log.path) : undefined,
  )
}
