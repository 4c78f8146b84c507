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
import { diskPath } from '../../image/index.ts'
import { type DiskPath, native } from '../../store/index.ts'
import type { Twins } from './twins.ts'

export type CopyTarget = {
  /** Host directory that stands for `/`: private to the caller, with nothing in it but what is written here. */
  readonly root: string
  /** Directory of a published layer; files may be linked from there. null never links. */
  readonly layerPath: ((id: LayerId) => string) | null
  /** Where the files are that the same COPY wrote before. */
  readonly twins?: Twins
}

const chunk = 4 * 1024 * 1024
const entriesPerTurn = 256

/**
 * Writes planned entries with exact mode, owner and time. Parents come before children. A file is linked when its
 * source is a published layer and all metadata agree, or when the same COPY wrote it before, else cloned where the file
 * system can, else copied.
 * @returns whether anything written has extended attributes
 * @throws Fault COPY_UNSAFE when a parent is not a directory written by the same plan; COPY_NAME_TOO_LONG
 */
export async function writeEntries(
  target: CopyTarget,
  parts: readonly { readonly source: CopySource; readonly entries: readonly CopyEntry[] }[],
  signal?: AbortSignal,
): Promise<boolean> {
  const written: Written = {
    directories: new Map([['/', null]]),
    others: new Set(),
    attributes: false,
  }
  let count = 0
  for (const { source, entries } of parts)
    for (const entry of entries) {
      if (++count % entriesPerTurn === 0) {
        await turn()
        signal?.throwIfAborted()
      }
      try {
        writeEntry(target, source, entry, written)
      } catch (error) {
        throw tooLong(error, entry)
      }
    }
  signal?.throwIfAborted()
  // Times last and children first: writing into a directory changes its own.
  for (const [path, entry] of [...written.directories].reverse())
    if (entry) setMetadata(diskPath(target.root + path), entry)
  return written.attributes
}

/** NAME_MAX and PATH_MAX of limits.h, which an archive of another system may be beyond. */
function tooLong(error: unknown, { to }: CopyEntry): unknown {
  if ((error as NodeJS.ErrnoException).code !== 'ENAMETOOLONG') return error
  const path = JSON.stringify(to.length > 400 ? `${to.slice(0, 400)}…` : to)
  return new Fault('COPY_NAME_TOO_LONG', `${path} is too long a name for a file`, {
    kind: 'invalid',
    hint: 'Linux takes names of 255 bytes and paths of 4096',
    cause: error,
  })
}

/** Only directories made here are ever entered, so no symlink can lead a write out of the root. */
type Written = {
  /** In the order they were made; null for the root until the plan says something about it. */
  readonly directories: Map<string, CopyEntry | null>
  readonly others: Set<string>
  attributes: boolean
}

function writeEntry(
  target: CopyTarget,
  source: CopySource,
  entry: CopyEntry,
  written: Written,
): void {
  const { directories, others } = written
  const { to, kind, from } = entry
  const path = diskPath(target.root + to)
  if (to !== '/' && (!directories.has(posix.dirname(to)) || posix.resolve('/', to) !== to))
    throw new Fault('COPY_UNSAFE', `the parent of ${to} is not part of the copy`, {
      kind: 'internal',
    })
  if (kind === 'dir') {
    if (others.delete(to)) rmSync(path)
    if (!directories.has(to)) mkdirSync(path)
    directories.set(to, entry)
    return
  }
  if (directories.has(to) || others.has(to)) {
    rmSync(path, { recursive: true })
    forget(to, directories, others)
  }
  others.add(to)
  if (entry.hardlink !== undefined && others.has(entry.hardlink)) {
    linkSync(diskPath(target.root + entry.hardlink), path)
    return
  }
  const xattrs = kind === 'file' && from !== null ? source.tree.xattrs(from) : undefined
  if (xattrs) written.attributes = true
  if (kind === 'symlink') symlinkSync(diskPath(entry.link ?? ''), path)
  else if (kind === 'file') {
    if (writeFile(target, source, entry, path)) return
  } else {
    const device = from === null ? undefined : source.tree.lookup(from)?.device
    native().mknod(path, nodeTypes[kind] | 0o600, device ?? { major: 0, minor: 0 })
  }
  setMetadata(path, entry)
  // File capabilities and `user.*`. After the owner: chown drops capabilities.
  for (const [name, value] of xattrs ?? []) native().setXattr(path, name, value)
}

/** S_IFCHR, S_IFBLK, S_IFIFO of inode(7). */
const nodeTypes = { char: 0o020000, block: 0o060000, fifo: 0o010000 }

function forget(
  path: string,
  directories: Map<string, CopyEntry | null>,
  others: Set<string>,
): void {
  const inside = (known: string): boolean => known === path || known.startsWith(`${path}/`)
  for (const known of [...directories.keys()].filter(inside)) directories.delete(known)
  for (const known of [...others].filter(inside)) others.delete(known)
}

/** @returns true when the file was linked and so has its metadata already */
function writeFile(
  target: CopyTarget,
  source: CopySource,
  entry: CopyEntry,
  path: DiskPath,
): boolean {
  if (entry.from === null || source.tree.lookup(entry.from)?.kind === 'socket') {
    closeSync(openSync(path, 'wx', 0o600))
    return false
  }
  const twin = target.twins?.find(source, entry)
  if (twin !== undefined && tryLink(diskPath(twin), path)) return true
  const layered = layerFile(target, source, entry.from)
  if (layered && sameMetadata(source, entry) && tryLink(diskPath(layered), path)) return true
  const host = layered ?? source.hostPath(entry.from)
  if (host !== null)
    copyFileSync(diskPath(host), path, constants.COPYFILE_EXCL | constants.COPYFILE_FICLONE)
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

function tryLink(from: DiskPath, to: DiskPath): boolean {
  try {
    linkSync(from, to)
    return true
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code
    // EMLINK: the inode has all the links it may have. EXDEV, EPERM: file systems without links across or at all.
    // ENOENT: another process has just pruned that layer.
    if (code === 'EMLINK' || code === 'EXDEV' || code === 'EPERM' || code === 'ENOENT') return false
    throw error
  }
}

function copyBytes(source: CopySource, from: string, path: DiskPath): void {
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

function setMetadata(path: DiskPath, entry: CopyEntry): void {
  lchownSync(path, entry.uid, entry.gid)
  if (entry.kind === 'symlink') {
    lutimesSync(path, entry.mtime, entry.mtime)
    return
  }
  // After the owner: chown clears setuid and setgid.
  chmodSync(path, entry.mode)
  utimesSync(path, entry.mtime, entry.mtime)
}
