import { mkdirSync } from 'node:fs'
import { posix } from 'node:path'
import type { CopyEntry, CopySource } from '../../build/index.ts'
import type { TreeEntry } from '../../image/index.ts'
import { writeEntries } from './copy.ts'

/** Writes the file or directory at `path` of a source to `<dir>/content`, for a mount that needs it on disk. */
export async function materialise(
  source: CopySource,
  path: string,
  dir: string,
  signal?: AbortSignal,
): Promise<string> {
  mkdirSync(dir)
  const entries = [...subtree(source, path)].flatMap((entry): CopyEntry[] => {
    const to = `/content${entry.path.slice(path === '/' && entry.path !== '/' ? 0 : path.length)}`
    const { kind, mode, uid, gid, mtime, link } = entry
    if (kind === 'socket') return []
    return [
      {
        from: entry.path,
        to,
        kind,
        mode,
        uid,
        gid,
        mtime,
        ...(link === undefined ? {} : { link }),
      },
    ]
  })
  await writeEntries({ root: dir, layerPath: null }, [{ source, entries }], signal)
  return `${dir}/content`
}

function* subtree(source: CopySource, path: string): Iterable<TreeEntry> {
  const entry = source.tree.lookup(path)
  if (!entry) return
  yield entry
  if (entry.kind === 'dir')
    for (const name of source.tree.readdir(path)) yield* subtree(source, posix.join(path, name))
}
