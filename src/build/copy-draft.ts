import { posix } from 'node:path'
import { Fault } from '../base/index.ts'
import { type FileTree, resolvePath, type TreeEntry } from '../image/index.ts'
import type { CopyEntry, CopySource } from './ports.ts'

type Owner = { readonly uid: number; readonly gid: number }

/** An entry that will be written, and the file it shares its bytes with. */
type Drafted = CopyEntry & {
  readonly source: CopySource | null
  /** Equal for the paths of one hard-link group. */
  readonly inode?: string
}

/**
 * A layer as a COPY or ADD puts it together over what lies below: later sources see what earlier ones wrote, exactly as
 * if they were copied one after another.
 */
export type CopyDraft = {
  readonly below: Pick<FileTree, 'lookup'>
  readonly made: Map<string, Drafted>
  /** Time of directories that are made on the way: depends on the inputs only, so that equal inputs make equal layers. */
  readonly time: number
}

export function copyDraft(below: Pick<FileTree, 'lookup'>, time: number): CopyDraft {
  return { below, made: new Map(), time }
}

/** What stands at a path, its parents taken literally. */
export function findInDraft(
  draft: CopyDraft,
  path: string,
): Pick<TreeEntry, 'kind' | 'mode' | 'uid' | 'gid' | 'mtime' | 'link'> | undefined {
  const made = draft.made.get(path)
  if (made) return made
  for (let above = posix.dirname(path); above !== '/'; above = posix.dirname(above)) {
    const parent = draft.made.get(above)
    // A file or link in place of a directory hides what was below it.
    if (parent) return parent.kind === 'dir' ? draft.below.lookup(path) : undefined
  }
  return draft.below.lookup(path)
}

/** The path with every symlink followed inside the root. */
export function resolveInDraft(draft: CopyDraft, path: string): string {
  const lookup = (at: string): TreeEntry | undefined =>
    findInDraft(draft, at) as TreeEntry | undefined
  return resolvePath({ lookup }, path).path
}

/**
 * Makes a directory and its missing parents, following symlinks; those that exist are listed with the metadata they
 * have.
 * @throws Fault COPY_CONFLICT when a file is in the way
 */
export function makeDirectory(
  draft: CopyDraft,
  path: string,
  { mode, owner }: { readonly mode: number; readonly owner: Owner | null },
): void {
  const parts = resolveInDraft(draft, path).split('/').filter(Boolean)
  for (let depth = 1; depth <= parts.length; depth++) {
    const here = `/${parts.slice(0, depth).join('/')}`
    if (draft.made.get(here)?.kind === 'dir') continue
    const found = findInDraft(draft, here)
    if (found && found.kind !== 'dir')
      throw new Fault('COPY_CONFLICT', `cannot make directory ${here}: a file is in its place`, {
        hint: 'copy to another path, or remove the file with RUN first',
      })
    put(draft, {
      from: null,
      to: here,
      kind: 'dir',
      mode: found?.mode ?? mode,
      uid: found?.uid ?? owner?.uid ?? 0,
      gid: found?.gid ?? owner?.gid ?? 0,
      mtime: found?.mtime ?? draft.time,
      source: null,
    })
  }
}

/** Writes an entry; whatever stood there, with all below it, is gone unless both are directories. */
export function put(draft: CopyDraft, entry: Drafted): void {
  const known = draft.made.get(entry.to)
  if (known && (known.kind !== 'dir' || entry.kind !== 'dir')) {
    // Deleted first so that the new entry comes after its parents in the order of writing.
    draft.made.delete(entry.to)
    for (const path of [...draft.made.keys()])
      if (path.startsWith(`${entry.to}/`)) draft.made.delete(path)
  }
  draft.made.set(entry.to, entry)
}

/** Lists a directory that exists below, as it is, so that what is written in it has a parent in the layer. */
export function listParents(draft: CopyDraft, path: string): void {
  const parts = path.split('/').filter(Boolean).slice(0, -1)
  for (let depth = 1; depth <= parts.length; depth++) {
    const here = `/${parts.slice(0, depth).join('/')}`
    const found = draft.made.has(here) ? undefined : findInDraft(draft, here)
    if (found?.kind === 'dir') {
      const { mode, uid, gid, mtime } = found
      put(draft, { from: null, to: here, kind: 'dir', mode, uid, gid, mtime, source: null })
    }
  }
}

/** The draft in the order of writing, cut into runs of one source each; hard links name the first path of their group. */
export function draftParts(
  draft: CopyDraft,
  fallback: CopySource,
): readonly { readonly source: CopySource; readonly entries: readonly CopyEntry[] }[] {
  const parts: { source: CopySource; entries: CopyEntry[] }[] = []
  const first = new Map<string, string>()
  let current: { source: CopySource; entries: CopyEntry[] } | undefined
  for (const { source, inode, ...entry } of draft.made.values()) {
    const wanted: CopySource = source ?? current?.source ?? fallback
    if (current?.source !== wanted) {
      current = { source: wanted, entries: [] }
      parts.push(current)
    }
    const hardlink = inode === undefined ? undefined : first.get(inode)
    if (inode !== undefined && hardlink === undefined) first.set(inode, entry.to)
    current.entries.push(hardlink === undefined ? entry : { ...entry, hardlink })
  }
  return parts
}
