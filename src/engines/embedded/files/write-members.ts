import {
  closeSync,
  constants,
  fchmodSync,
  fchownSync,
  futimesSync,
  lchownSync,
  linkSync,
  lstatSync,
  lutimesSync,
  mkdirSync,
  openSync,
  symlinkSync,
  unlinkSync,
  writeSync,
} from 'node:fs'
import { posix } from 'node:path'
import { diskPath } from '../../../image/index.ts'
import { copyFailed, type Located, locate } from './inside.ts'
import type { Member } from './read-members.ts'

/** `owner: null` keeps the owners of the members. */
export type WriteOptions = { readonly owner: { readonly uid: number; readonly gid: number } | null }

/**
 * Writes members below a path, the top as the path itself. What is there is replaced, directories are kept as they are; a
 * directory never takes the place of a file nor the other way round. Devices and fifos are left out.
 * @throws Fault COPY_FAILED
 */
export async function writeMembers(
  root: number,
  path: string,
  members: Iterable<Member> | AsyncIterable<Member>,
  { owner }: WriteOptions,
): Promise<void> {
  const folders: { readonly path: string; readonly member: Member }[] = []
  for await (const member of members) {
    const target = inside(path, member.name)
    const place = locate(root, target, { followLast: member.kind === 'dir' })
    let made = false
    try {
      made = await writeMember(root, path, place, member, owner ?? member)
    } catch (error) {
      throw named(error, target)
    } finally {
      place.close()
    }
    if (made) folders.push({ path: target, member })
  }
  // Writing into a directory changes its time, and a read-only one takes nothing.
  for (const { path: folder, member } of folders.reverse()) settleFolder(root, folder, member)
}

/** By its descriptor: a process of the container may put a link in its place at any moment. */
function settleFolder(root: number, path: string, { mode, mtime }: Member): void {
  const place = locate(root, path, { followLast: true })
  try {
    const fd = openSync(
      diskPath(place.at),
      constants.O_RDONLY | constants.O_DIRECTORY | constants.O_NOFOLLOW,
    )
    try {
      fchmodSync(fd, mode)
      futimesSync(fd, mtime, mtime)
    } finally {
      closeSync(fd)
    }
  } catch (error) {
    throw named(error, path)
  } finally {
    place.close()
  }
}

/** @returns whether it is a directory that was made */
async function writeMember(
  root: number,
  top: string,
  { at, stats }: Located,
  member: Member,
  { uid, gid }: { readonly uid: number; readonly gid: number },
): Promise<boolean> {
  const disk = diskPath(at)
  if (member.kind === 'dir') {
    if (stats?.isDirectory()) return false
    if (stats) throw copyFailed('a directory cannot take the place of a file')
    mkdirSync(disk)
    lchownSync(disk, uid, gid)
    return true
  }
  if (!['file', 'symlink', 'hardlink'].includes(member.kind)) return false
  if (stats?.isDirectory()) throw copyFailed('a file cannot take the place of a directory')
  if (member.kind === 'hardlink') {
    makeHardLink(root, inside(top, member.link ?? ''), at)
    return false
  }
  if (stats) unlinkSync(disk)
  if (member.kind === 'symlink') {
    symlinkSync(diskPath(member.link ?? ''), disk)
    lchownSync(disk, uid, gid)
    lutimesSync(disk, member.mtime, member.mtime)
    return false
  }
  const flags = constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL | constants.O_NOFOLLOW
  const fd = openSync(disk, flags, 0o600)
  try {
    for await (const chunk of member.body)
      for (let done = 0; done < chunk.length; ) done += writeSync(fd, chunk, done)
    fchownSync(fd, uid, gid)
    fchmodSync(fd, member.mode)
    futimesSync(fd, member.mtime, member.mtime)
  } finally {
    closeSync(fd)
  }
  return false
}

function makeHardLink(root: number, target: string, at: string): void {
  const first = locate(root, target, { followLast: false })
  try {
    if (lstatSync(diskPath(at), { throwIfNoEntry: false })) unlinkSync(diskPath(at))
    linkSync(diskPath(first.at), diskPath(at))
  } finally {
    first.close()
  }
}

/** Members of an archive may say `..`: they stay below the path that was asked for. */
function inside(path: string, name: string): string {
  const below = posix.normalize(`/${name}`).slice(1)
  return below === '' ? path : posix.join(path, below)
}

function named(error: unknown, path: string): unknown {
  const { code, message } = error as NodeJS.ErrnoException
  if (code === 'COPY_FAILED') return copyFailed(`${path}: ${message}`, error)
  return code !== undefined && /^E[A-Z]+$/.test(code)
    ? copyFailed(`cannot write ${path}: ${code}`, error)
    : error
}
