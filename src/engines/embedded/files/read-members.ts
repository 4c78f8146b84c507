import {
  closeSync,
  constants,
  fstatSync,
  openSync,
  readdirSync,
  readlinkSync,
  readSync,
  type Stats,
} from 'node:fs'
import { decodePath, diskPath, type TarHeader, type TarKind } from '../../../image/index.ts'
import { copyFailed, locate } from './inside.ts'

/** One file of what is copied. `name` is relative to the top, which is `''`. */
export type Member = TarHeader & { readonly body: Iterable<Uint8Array> | AsyncIterable<Uint8Array> }

const nothing: readonly Uint8Array[] = []

/**
 * A file or a directory with everything below it, parents first, hard links as such. Sockets are left out.
 * @throws Fault COPY_FAILED when there is nothing at the path
 */
export function* readMembers(
  root: number,
  path: string,
  options: { readonly followLast: boolean },
): Generator<Member, void> {
  const found = locate(root, path, options)
  try {
    if (!found.stats) throw copyFailed(`there is no ${path}`)
    yield* members(found.at, '', found.stats, new Map())
  } finally {
    found.close()
  }
}

function* members(
  at: string,
  name: string,
  stats: Stats,
  seen: Map<string, string>,
): Generator<Member, void> {
  const kind = kindOf(stats)
  if (!kind) return
  const plain = {
    name,
    kind,
    mode: stats.mode & 0o7777,
    uid: stats.uid,
    gid: stats.gid,
    size: 0,
    mtime: Math.floor(stats.mtimeMs / 1000),
    body: nothing,
  }
  if (kind === 'symlink') yield { ...plain, link: readlinkSync(diskPath(at)) }
  else if (kind === 'dir') yield* folder(at, name, plain, seen)
  else if (kind === 'file') {
    const inode = `${stats.dev} ${stats.ino}`
    const first = stats.nlink > 1 ? seen.get(inode) : undefined
    if (first !== undefined) yield { ...plain, kind: 'hardlink', link: first }
    else {
      if (stats.nlink > 1) seen.set(inode, name)
      yield* file(at, plain)
    }
  } else yield plain
}

function* folder(
  at: string,
  name: string,
  plain: Member,
  seen: Map<string, string>,
): Generator<Member, void> {
  yield plain
  const fd = openSync(
    diskPath(at),
    constants.O_RDONLY | constants.O_DIRECTORY | constants.O_NOFOLLOW,
  )
  try {
    const here = `/proc/self/fd/${fd}`
    for (const entry of readdirSync(here, { encoding: 'buffer' }).map(decodePath).sort()) {
      const child = locate(fd, entry, { followLast: false })
      try {
        if (child.stats)
          yield* members(child.at, name === '' ? entry : `${name}/${entry}`, child.stats, seen)
      } finally {
        child.close()
      }
    }
  } finally {
    closeSync(fd)
  }
}

/** The size is that of the open file: one that grows is cut, one that shrinks is filled with zeros, as tar does. */
function* file(at: string, plain: Member): Generator<Member, void> {
  const fd = openSync(
    diskPath(at),
    constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK,
  )
  try {
    const stats = fstatSync(fd)
    if (!stats.isFile()) return
    yield { ...plain, size: stats.size, body: bytes(fd, stats.size) }
  } finally {
    closeSync(fd)
  }
}

function* bytes(fd: number, size: number): Generator<Uint8Array, void> {
  for (let left = size; left > 0; ) {
    const buffer = Buffer.alloc(Math.min(left, 1 << 20))
    const count = readSync(fd, buffer, 0, buffer.length, null)
    const chunk = count === 0 ? buffer : buffer.subarray(0, count)
    left -= chunk.length
    yield chunk
  }
}

function kindOf(stats: Stats): TarKind | undefined {
  if (stats.isFile()) return 'file'
  if (stats.isDirectory()) return 'dir'
  if (stats.isSymbolicLink()) return 'symlink'
  return stats.isFIFO() ? 'fifo' : undefined
}
