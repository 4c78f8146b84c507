import {
  chmodSync,
  closeSync,
  constants,
  copyFileSync,
  lchownSync,
  linkSync,
  lutimesSync,
  mkdirSync,
  openSync,
  rmSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs'
import { posix } from 'node:path'
import { setImmediate as turn } from 'node:timers/promises'
import { Fault } from '../../base/index.ts'
import type { CopyEntry, CopySource, LayerId } from '../../build/index.ts'
import { makeNode } from './nodes.ts'

export type CopyTarget = {
  /** Host directory that stands for `/`: private to the caller, with nothing in it but what is written here. */
  readonly root: string
  /** Directory of a published layer; files may be linked from there. null never links. */
  readonly layerPath: ((id: LayerId) => string) | null
}

const chunk = 4 * 1024 * 1024
const entriesPerTurn = 256

/**
 * Writes planned entries with exact mode, owner and time. Parents come before children. A file is linked when its
 * source is a published layer and all metadata agree, else cloned where the file system can, else copied.
 * @throws Fault COPY_UNSAFE when a parent is not a directory written by the same plan
 */
export async function writeEntries(
  target: CopyTarget,
  parts: readonly { readonly source: CopySource; readonly entries: readonly CopyEntry[] }[],
  signal?: AbortSignal,
): Promise<void> {
  // Only directories made here are ever entered, so no symlink can lead a write out of the root.
  const directories = new Map<string, CopyEntry | null>([['/', null]])
  let count = 0
  for (const { source, entries } of parts)
    for (const entry of entries) {
      if (++count % entriesPerTurn === 0) {
        await turn()
        signal?.throwIfAborted()
      }
      writeEntry(target, source, entry, directories)
    }
  signal?.throwIfAborted()
  // Times last and children first: writing into a directory changes its own.
  for (const [path, entry] of [...directories].reverse())
    if (entry) setMetadata(target.root + path, entry)
}

function writeEntry(
  target: CopyTarget,
  source: CopySource,
  entry: CopyEntry,
  directories: Map<string, CopyEntry | null>,
): void {
  const path = target.root + entry.to
  if (entry.to === '/') {
    directories.set('/', entry)
    return
  }
  if (!directories.has(posix.dirname(entry.to)) || posix.normalize(entry.to) !== entry.to)
    throw new Fault('COPY_UNSAFE', `the parent of ${entry.to} is not part of the copy`, {
      kind: 'internal',
    })
  if (entry.kind === 'dir') {
    if (!directories.has(entry.to)) {
      rmSync(path, { force: true })
      mkdirSync(path)
    }
    // Its place in the order is its depth in the tree; a later part may change the metadata only.
    directories.set(entry.to, entry)
    return
  }
  if (directories.has(entry.to)) forget(entry.to, directories)
  rmSync(path, { force: true, recursive: true })
  if (entry.kind === 'symlink') symlinkSync(entry.link ?? '', path)
  else if (entry.kind === 'file') {
    if (writeFile(target, source, entry, path)) return
  } else
    makeNode(
      path,
      entry.kind,
      entry.from === null ? undefined : source.tree.lookup(entry.from)?.device,
    )
  setMetadata(path, entry)
}

function forget(path: string, directories: Map<string, CopyEntry | null>): void {
  for (const known of [...directories.keys()])
    if (known === path || known.startsWith(`${path}/`)) directories.delete(known)
}

/** @returns true when the file was linked and so has its metadata already */
function writeFile(
  target: CopyTarget,
  source: CopySource,
  entry: CopyEntry,
  path: string,
): boolean {
  if (entry.from === null) {
    closeSync(openSync(path, 'wx', 0o600))
    return false
  }
  const layered = layerFile(target, source, entry.from)
  if (layered && sameMetadata(source, entry) && tryLink(layered, path)) return true
  const host = layered ?? source.hostPath(entry.from)
  if (host !== null) copyFileSync(host, path, constants.COPYFILE_EXCL | constants.COPYFILE_FICLONE)
  else copyBytes(source, entry.from, path)
  return false
}

/** Where the bytes lie; layers are immutable, so the path found in the merged tree is the literal one on disk. */
function layerFile(target: CopyTarget, source: CopySource, from: string): string | undefined {
  if (!target.layerPath || !source.layers) return undefined
  const found = source.tree.lookup(from)
  const layer = found?.kind === 'file' ? source.layers[found.layer] : undefined
  return layer === undefined ? undefined : target.layerPath(layer) + from
}

function sameMetadata(source: CopySource, entry: CopyEntry): boolean {
  const found = source.tree.lookup(entry.from ?? '')
  return (
    found !== undefined &&
    found.mode === entry.mode &&
    found.uid === entry.uid &&
    found.gid === entry.gid &&
    found.mtime === entry.mtime
  )
}

function tryLink(from: string, to: string): boolean {
  try {
    linkSync(from, to)
    return true
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code
    // EMLINK: the inode has all the links it may have. EXDEV, EPERM: file systems without links across or at all.
    if (code === 'EMLINK' || code === 'EXDEV' || code === 'EPERM') return false
    throw error
  }
}

function copyBytes(source: CopySource, from: string, path: string): void {
  const size = source.tree.lookup(from)?.size ?? 0
  const file = openSync(path, 'wx', 0o600)
  try {
    for (let offset = 0; offset < size; offset += chunk)
      writeFileSync(
        file,
        source.tree.read(from, { offset, length: Math.min(chunk, size - offset) }),
      )
  } finally {
    closeSync(file)
  }
}

function setMetadata(path: string, entry: CopyEntry): void {
  lchownSync(path, entry.uid, entry.gid)
  if (entry.kind === 'symlink') {
    lutimesSync(path, entry.mtime, entry.mtime)
    return
  }
  // After the owner: chown clears setuid and setgid.
  chmodSync(path, entry.mode)
  utimesSync(path, entry.mtime, entry.mtime)
}
