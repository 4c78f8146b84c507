import { posix } from 'node:path'
import { Fault } from '../base/index.ts'
import type { TreeEntry } from '../image/index.ts'
import {
  type CopyDraft,
  findInDraft,
  listParents,
  makeDirectory,
  put,
  resolveInDraft,
} from './copy-draft.ts'
import { type CopyFilter, visitSource } from './copy-filter.ts'
import type { Selected } from './copy-select.ts'
import { applyMode, type ModeChange } from './mode.ts'
import type { CopySource } from './ports.ts'

export type CopyOptions = {
  /** Absolute; a trailing slash means "into this directory". */
  readonly destination: string
  readonly owner: { readonly uid: number; readonly gid: number } | null
  readonly mode: ModeChange | null
  readonly filter: CopyFilter
}

/**
 * Copies one match into the draft as BuildKit does (fsutil's copier): the contents of a directory, a file under its own
 * name into a directory that exists or ends in a slash, else under the destination's name. Destination symlinks are
 * followed inside the root. Directories made on the way are 0755 or have an octal `--chmod`, and `--chown`'s owner; the
 * destination keeps its metadata when it exists; directories merged below it take the source's.
 * @throws Fault COPY_CONFLICT when a file would replace a directory or the reverse
 */
export function copyInto(
  draft: CopyDraft,
  source: CopySource,
  { path, name, entry }: Selected,
  options: CopyOptions,
): void {
  const { destination, owner } = options
  const made = { mode: createdMode(options.mode), owner }
  makeDirectory(draft, destination.endsWith('/') ? destination : posix.dirname(destination), made)
  let target = resolveInDraft(draft, destination)
  const isDirectory = target === '/' || findInDraft(draft, target)?.kind === 'dir'
  if (entry.kind !== 'dir' && isDirectory) target = posix.join(target, name)
  makeDirectory(draft, entry.kind === 'dir' ? target : posix.dirname(target), made)
  for (const visited of visitSource(source.tree, entry, options.filter)) {
    if (entry.kind === 'dir' && visited.rel === '') continue
    const to = visited.rel === '' ? target : posix.join(target, visited.rel)
    if (visited.entry.kind === 'dir')
      mergeDirectory(draft, visited.entry, to, options, visited.onTheWay)
    else
      writeFile(
        draft,
        { source, entry: visited.entry, to, group: `${path} ${destination}` },
        options,
      )
  }
}

/** MkdirAll takes the permission bits only, and symbolic modes change what exists, so they make nothing. */
function createdMode(change: ModeChange | null): number {
  return change?.kind === 'octal' ? change.mode & 0o777 : 0o755
}

function mergeDirectory(
  draft: CopyDraft,
  entry: TreeEntry,
  to: string,
  { owner, mode }: CopyOptions,
  onTheWay: boolean,
): void {
  const found = findInDraft(draft, to)
  if (found && found.kind !== 'dir')
    throw new Fault('COPY_CONFLICT', `cannot copy to non-directory: ${to}`, {
      hint: 'the source has a directory where the image has a file or a symlink',
    })
  listParents(draft, to)
  const keepsOwner = found !== undefined && onTheWay
  put(draft, {
    from: entry.path,
    to,
    kind: 'dir',
    mode: keepsOwner ? entry.mode : applyMode(entry.mode, mode, true),
    uid: keepsOwner ? found.uid : (owner?.uid ?? entry.uid),
    gid: keepsOwner ? found.gid : (owner?.gid ?? entry.gid),
    mtime: entry.mtime,
    source: null,
  })
}

function writeFile(
  draft: CopyDraft,
  file: {
    readonly source: CopySource
    readonly entry: TreeEntry
    readonly to: string
    readonly group: string
  },
  { owner, mode }: CopyOptions,
): void {
  const { source, entry, to, group } = file
  if (findInDraft(draft, to)?.kind === 'dir')
    throw new Fault('COPY_CONFLICT', `cannot replace to directory ${to} with file`, {
      hint: 'the image has a directory where the source has a file',
    })
  const socket = entry.kind === 'socket'
  put(draft, {
    from: entry.path,
    to,
    kind: entry.kind === 'socket' ? 'file' : entry.kind,
    mode: entry.kind === 'symlink' ? entry.mode : applyMode(entry.mode, mode, false),
    uid: owner?.uid ?? entry.uid,
    gid: owner?.gid ?? entry.gid,
    mtime: entry.mtime,
    source,
    ...(entry.link === undefined ? {} : { link: entry.link }),
    ...(entry.hardlinkGroup === undefined || socket
      ? {}
      : { inode: `${entry.layer} ${entry.hardlinkGroup} ${group}` }),
  })
}
