import {
  chmodSync,
  closeSync,
  constants,
  fchmodSync,
  fchownSync,
  futimesSync,
  lchownSync,
  linkSync,
  lutimesSync,
  openSync,
  symlinkSync,
  utimesSync,
  writeSync,
} from 'node:fs'
import { type ByteStream, Fault } from '../base/index.ts'
import { diskPath, readTar, type TarHeader, type TarMember } from '../image/index.ts'
import { diskFault, errnoOf } from './disk-fault.ts'
import { keepsXattr } from './layer-meta.ts'
import { native } from './native.ts'
import {
  isWhiteout,
  markOpaque,
  memberPath,
  refused,
  type UnpackRoot,
  unpackRoot,
} from './unpack-paths.ts'

const createFlags = constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL | constants.O_NOFOLLOW

/**
 * Unpacks a layer tar (OCI layer.md) into an empty directory as overlayfs wants it: `.wh.x` becomes a device 0:0,
 * `.wh..wh..opq` an opaque directory. Whatever the archive says, nothing outside of `directory` is touched, and
 * attributes of overlayfs itself are not taken from it.
 * @throws Fault LAYER_*, TAR_*, DISK_FULL
 */
export async function unpackTar(
  directory: string,
  tar: ByteStream,
  signal: AbortSignal | undefined,
): Promise<void> {
  const at = unpackRoot(directory)
  for await (const member of readTar(tar)) {
    signal?.throwIfAborted()
    try {
      await unpackMember(at, member)
    } catch (error) {
      if (errnoOf(error) === 'ENAMETOOLONG') throw tooLong(member.header.name)
      throw diskFault(error, `unpack ${JSON.stringify(member.header.name.slice(0, 300))}`)
    }
  }
  at.finish()
}

/** NAME_MAX and PATH_MAX of limits.h: other systems write such archives, and no file system here can hold them. */
function tooLong(name: string): Fault {
  const longest = name.split('/').reduce((a, b) => (b.length > a.length ? b : a), '')
  const path = JSON.stringify(name.length > 400 ? `${name.slice(0, 400)}…` : name)
  const what = longest.length > 255 ? 'a name of over 255 bytes' : 'a path of over 4096 bytes'
  return new Fault('LAYER_NAME_TOO_LONG', `the layer archive is refused: ${path} has ${what}`, {
    kind: 'invalid',
    hint: 'Linux cannot hold such a file: build the image without it.',
  })
}

async function unpackMember(at: UnpackRoot, { header, body }: TarMember): Promise<void> {
  const parts = memberPath(header.name)
  const name = parts.at(-1)
  // Bookkeeping of AUFS, which no one reads (`.wh..wh.plnk` and the like); the opaque marker is the exception.
  if (parts.some((part) => part.startsWith('.wh..wh.') && part !== '.wh..wh..opq')) return
  if (parts.slice(0, -1).some((part) => part.startsWith('.wh.')))
    throw refused('LAYER_WHITEOUT_INVALID', parts, 'a deletion as its parent')
  if (name === undefined) {
    if (header.kind !== 'dir') throw refused('LAYER_PATH_INVALID', parts, 'no name')
    setMetadata(at.root, header)
    at.timeLater('', header.mtime)
    return
  }
  const parent = at.directory(parts.slice(0, -1))
  if (name.startsWith('.wh.')) {
    whiteout(at, parent, parts)
    return
  }
  const path = `${parent}/${name}`
  if (header.kind === 'dir') {
    at.makeDirectory(path)
    at.timeLater(path, header.mtime)
  } else {
    await create(at, path, header, body)
  }
  if (header.kind !== 'file' && header.kind !== 'hardlink') setMetadata(at.onDisk(path), header)
}

async function create(
  at: UnpackRoot,
  path: string,
  header: TarHeader,
  body: ByteStream,
): Promise<void> {
  const disk = at.onDisk(path)
  switch (header.kind) {
    case 'file':
      await writeFile(at, path, header, body)
      return
    case 'symlink':
      at.clear(path)
      symlinkSync(diskPath(header.link ?? ''), disk)
      return
    case 'hardlink':
      link(at, path, header)
      return
    default: {
      at.clear(path)
      const type = { char: 0o020000, block: 0o060000, fifo: 0o010000, dir: 0 }[header.kind]
      native().mknod(disk, type | 0o600, header.device ?? { major: 0, minor: 0 })
    }
  }
}

async function writeFile(
  at: UnpackRoot,
  path: string,
  header: TarHeader,
  body: ByteStream,
): Promise<void> {
  const disk = at.onDisk(path)
  const fd = openNew(at, path)
  try {
    for await (const chunk of body)
      for (let done = 0; done < chunk.length; ) done += writeSync(fd, chunk, done)
    fchownSync(fd, header.uid, header.gid)
    // After chown, which clears setuid bits and capabilities.
    fchmodSync(fd, header.mode)
    setXattrs(disk, header)
    futimesSync(fd, header.mtime, header.mtime)
  } finally {
    closeSync(fd)
  }
}

/** Most files are new, so the check for an older one comes only when the kernel says so. */
function openNew(at: UnpackRoot, path: string): number {
  try {
    return openSync(at.onDisk(path), createFlags, 0o600)
  } catch (error) {
    if (errnoOf(error) !== 'EEXIST') throw error
    at.clear(path)
    return openSync(at.onDisk(path), createFlags, 0o600)
  }
}

/** The target must be in the archive already, as every tar writer guarantees; links to lower layers do not exist. */
function link(at: UnpackRoot, path: string, header: TarHeader): void {
  const parts = memberPath(header.link ?? '')
  const name = parts.at(-1)
  const parent = at.existing(parts.slice(0, -1))
  const target = `${parent}/${name}`
  const stats = parent === undefined || name === undefined ? undefined : at.stat(target)
  if (!stats || isWhiteout(stats))
    throw refused('LAYER_LINK_INVALID', parts, 'a hard link to it, and does not exist in the layer')
  if (stats.isDirectory())
    throw refused('LAYER_LINK_INVALID', parts, 'a hard link to it, and is a directory')
  if (target === path) return
  at.clear(path)
  linkSync(at.onDisk(target), at.onDisk(path))
}

/** A deletion concerns lower layers only: what this layer itself has at the path stays, whatever the order. */
function whiteout(at: UnpackRoot, parent: string, parts: readonly string[]): void {
  const hidden = (parts.at(-1) ?? '').slice('.wh.'.length)
  if (hidden === '.wh..opq') {
    // The kernel merges roots whatever their attributes say.
    if (parent === '') throw refused('LAYER_WHITEOUT_INVALID', parts, 'the whole root deleted')
    markOpaque(at.onDisk(parent))
    return
  }
  if (hidden === '' || hidden === '.' || hidden === '..')
    throw refused('LAYER_WHITEOUT_INVALID', parts, 'nothing that it deletes')
  const path = `${parent}/${hidden}`
  const stats = at.stat(path)
  if (stats?.isDirectory()) markOpaque(at.onDisk(path))
  else if (!stats) native().mknod(at.onDisk(path), 0o020000, { major: 0, minor: 0 })
}

/** Owner, mode, attributes and time of anything but a file. */
function setMetadata(disk: string | Buffer, header: TarHeader): void {
  lchownSync(disk, header.uid, header.gid)
  if (header.kind === 'symlink') {
    lutimesSync(disk, header.mtime, header.mtime)
    return
  }
  chmodSync(disk, header.mode)
  setXattrs(disk, header)
  if (header.kind !== 'dir') utimesSync(disk, header.mtime, header.mtime)
}

function setXattrs(disk: string | Buffer, header: TarHeader): void {
  for (const [name, value] of header.xattrs ?? []) {
    if (!keepsXattr(name)) continue
    try {
      native().setXattr(disk, name, value)
    } catch (error) {
      const errno = errnoOf(error)
      // A user attribute that this file system or file type cannot hold is lost, as with Docker.
      if (name.startsWith('user.') && (errno === 'ENOTSUP' || errno === 'EPERM')) continue
      throw errno === 'ENOTSUP'
        ? new Fault('STORE_NO_XATTRS', `cannot keep ${name} of ${header.name}`, {
            hint: 'Put the store on a file system with extended attributes (ext4, XFS, btrfs).',
            cause: error,
          })
        : error
    }
  }
}
