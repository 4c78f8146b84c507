import type { FileTree } from '../../../image/index.ts'
import { realFile } from '../../canonical.ts'
import { columnsOf, type ReadAt, rowsOf, type Value } from '../../sqlite/index.ts'

/** A larger file is no database of a package manager. */
export const mostBytes: number = 512 * 1024 * 1024

/** The rows of a table of an SQLite file in the image, with what its write-ahead log has committed. */
export function tableAt(
  tree: FileTree,
  path: string,
  table: string,
): readonly (readonly Value[])[] | undefined {
  const file = opened(tree, path)
  return file && rowsOf(file.readAt, table, file.log)
}

/** The same with the names of the columns: rows that are found in no other way than by position mislead. */
export function recordsAt(
  tree: FileTree,
  path: string,
  table: string,
): readonly ReadonlyMap<string, Value>[] | undefined {
  const file = opened(tree, path)
  const columns = file && columnsOf(file.readAt, table, file.log)
  if (!columns) return undefined
  return rowsOf(file.readAt, table, file.log)?.map(
    (row) => new Map(columns.map((name, at) => [name, row[at] ?? null])),
  )
}

function opened(
  tree: FileTree,
  path: string,
): { readonly readAt: ReadAt; readonly log?: Uint8Array } | undefined {
  const real = realFile(tree, path)
  if (real === undefined) return undefined
  const readAt: ReadAt = (offset, length) => tree.read(real, { offset, length })
  const log = tree.lookup(`${real}-wal`)
  return log?.kind === 'file' && log.size <= mostBytes
    ? { readAt, log: tree.read(log.path) }
    : { readAt }
}
