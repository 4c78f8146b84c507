import { posix } from 'node:path'
import { resolvePath, type TreeEntry } from '../image/index.ts'
import {
  type CopyDraft,
  findInDraft,
  listParents,
  makeDirectory,
  put,
  resolveInDraft,
} from './copy-draft.ts'
import type { ArchiveFiles } from './ports.ts'

/**
 * Unpacks an archive into the draft as Docker's untar does, which is not how COPY merges: an entry replaces whatever
 * stands in its place unless both are directories, directories take the archive's metadata, symlinks of the image that
 * lead to a parent are followed inside the destination, and directories that the archive only implies are left as they
 * are or made 0755 for root. `--chown` changes the members and the destination that is made; `--chmod` changes nothing.
 */
export function unpackInto(
  draft: CopyDraft,
  archive: ArchiveFiles,
  options: {
    readonly destination: string
    readonly owner: { readonly uid: number; readonly gid: number } | null
  },
): void {
  const { owner } = options
  makeDirectory(draft, options.destination, { mode: 0o755, owner })
  const root = resolveInDraft(draft, options.destination)
  for (const entry of archive.tree.walk()) {
    if (entry.path === '/' || (entry.kind === 'dir' && archive.implied.has(entry.path))) continue
    const parent = insideOf(draft, root, posix.dirname(entry.path))
    makeDirectory(draft, parent, { mode: 0o755, owner: null })
    const to = posix.join(parent, posix.basename(entry.path))
    listParents(draft, to)
    const found = findInDraft(draft, to)
    if (found && (found.kind !== 'dir' || entry.kind !== 'dir')) draft.made.delete(to)
    put(draft, {
      from: entry.path,
      to,
      kind: entry.kind === 'socket' ? 'file' : entry.kind,
      mode: entry.mode,
      uid: owner?.uid ?? entry.uid,
      gid: owner?.gid ?? entry.gid,
      mtime: entry.mtime,
      source: archive,
      ...(entry.link === undefined ? {} : { link: entry.link }),
      ...(entry.hardlinkGroup === undefined
        ? {}
        : { inode: `${options.destination} ${entry.hardlinkGroup}` }),
    })
  }
}

/** A path of the archive in the image: links are followed as if the destination were the root. */
function insideOf(draft: CopyDraft, root: string, path: string): string {
  const lookup = (at: string): TreeEntry | undefined =>
    findInDraft(draft, posix.join(root, at)) as TreeEntry | undefined
  return posix.join(root, resolvePath({ lookup }, path).path)
}
