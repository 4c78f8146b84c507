import {
  chmodSync,
  closeSync,
  constants,
  fchmodSync,
  futimesSync,
  linkSync,
  lstatSync,
  lutimesSync,
  mkdirSync,
  openSync,
  rmSync,
  symlinkSync,
  utimesSync,
  writeSync,
} from 'node:fs'
import { dirname, join } from 'node:path'
import { setImmediate as turn } from 'node:timers/promises'
import type { ByteStream } from '../base/index.ts'
import { diskPath, type FileTree, readTar, type TreeEntry } from '../image/index.ts'
import { piecesOf } from '../store/index.ts'
import { unreadable } from './user-file.ts'
import { makeFolders } from './write-file.ts'

/**
 * Writes the files of an image into a folder that is made when missing; what is there and not in the image stays. They
 * belong to whoever writes them, as with `--output type=local` of buildx; devices and fifos are left out. A link that
 * lies where a directory of the image belongs is replaced and never followed.
 * @throws Fault OUTPUT_UNWRITABLE
 */
export async function writeTree(tree: FileTree, dest: string, signal: AbortSignal): Promise<void> {
  make(dest, () => makeFolders(dest))
  const firsts = new Map<string, string>()
  const folders: TreeEntry[] = []
  for (const entry of tree.walk()) {
    signal.throwIfAborted()
    if (entry.path === '/') continue
    const path = dest + entry.path
    const { hardlinkGroup, layer } = entry
    const group = hardlinkGroup === undefined ? undefined : `${layer} ${hardlinkGroup}`
    const first = group === undefined ? undefined : firsts.get(group)
    if (group !== undefined && first === undefined) firsts.set(group, path)
    make(path, () => {
      if (entry.kind === 'dir') makeFolder(path)
      else if (entry.kind === 'symlink' || entry.kind === 'file') clear(path)
      if (entry.kind === 'symlink') makeLink(path, entry)
      else if (entry.kind === 'file' && first !== undefined)
        linkSync(diskPath(first), diskPath(path))
      else if (entry.kind === 'file') makeFile(tree, path, entry)
    })
    if (entry.kind === 'dir') folders.push(entry)
    else if (entry.kind === 'file') await turn()
  }
  // Modes and times of folders come last: a folder may be read-only, and writing into it changes its time.
  for (const { path, mode, mtime } of folders.reverse()) {
    chmodSync(diskPath(dest + path), mode & 0o1777)
    utimesSync(diskPath(dest + path), mtime, mtime)
  }
}

/** The members of an archive that we made ourselves, as files. @throws Fault OUTPUT_UNWRITABLE */
export async function unpackArchive(archive: ByteStream, dest: string): Promise<void> {
  for await (const { header, body } of readTar(archive)) {
    if (header.kind !== 'file') continue
    const path = join(dest, header.name)
    const fd = make(path, () => {
      makeFolders(dirname(path))
      rmSync(path, { force: true })
      return openSync(path, constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL, 0o644)
    })
    try {
      for await (const chunk of body) writeAll(fd, chunk)
    } finally {
      closeSync(fd)
    }
  }
}

function makeFolder(path: string): void {
  const stats = lstatSync(diskPath(path), { throwIfNoEntry: false })
  if (stats?.isDirectory()) return
  if (stats) rmSync(diskPath(path))
  mkdirSync(diskPath(path))
}

/** What is in the way goes; a folder that is not empty stays, and is an error. */
function clear(path: string): void {
  const stats = lstatSync(diskPath(path), { throwIfNoEntry: false })
  if (stats) rmSync(diskPath(path), { recursive: false })
}

function makeLink(path: string, { link = '', mtime }: TreeEntry): void {
  symlinkSync(diskPath(link), diskPath(path))
  lutimesSync(diskPath(path), mtime, mtime)
}

function makeFile(tree: FileTree, path: string, entry: TreeEntry): void {
  const flags = constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL | constants.O_NOFOLLOW
  const fd = openSync(diskPath(path), flags, 0o600)
  try {
    for (const piece of piecesOf(tree, entry)) writeAll(fd, piece)
    // Whoever may write here has no say over other users: setuid and setgid are not theirs to give.
    fchmodSync(fd, entry.mode & 0o777)
    futimesSync(fd, entry.mtime, entry.mtime)
  } finally {
    closeSync(fd)
  }
}

function writeAll(fd: number, bytes: Uint8Array): void {
  for (let at = 0; at < bytes.length; ) at += writeSync(fd, bytes, at)
}

function make<T>(path: string, work: () => T): T {
  try {
    return work()
  } catch (error) {
    throw unreadable(error, { code: 'OUTPUT_UNWRITABLE', what: `write ${path}` })
  }
}
