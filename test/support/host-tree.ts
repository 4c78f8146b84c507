import { closeSync, lstatSync, openSync, readdirSync, readlinkSync, readSync } from 'node:fs'
import { Fault } from '../../src/base/index.ts'
import type { FileTree, TreeEntry } from '../../src/image/index.ts'

/** A directory of this machine as a one-layer FileTree. `leaveOut` are absolute paths inside it that look absent. */
export function hostTree(root: string, leaveOut: readonly string[] = []): FileTree {
  const host = (path: string): string => (root === '/' ? path : `${root}${path}`)
  const hidden = (path: string): boolean =>
    leaveOut.some((out) => path === out || path.startsWith(`${out}/`))
  const lookup = (path: string): TreeEntry | undefined => {
    if (hidden(path)) return undefined
    const stat = lstatSync(host(path), { throwIfNoEntry: false })
    return stat && entryOf(path, host(path), stat)
  }
  const readdir = (path: string): readonly string[] => {
    if (lookup(path)?.kind !== 'dir') return []
    const names = readdirSync(host(path)).filter(
      (name) => !hidden(path === '/' ? `/${name}` : `${path}/${name}`),
    )
    return names.sort((a, b) => (a < b ? -1 : a > b ? 1 : 0))
  }
  function* walk(path = '/'): Iterable<TreeEntry> {
    const entry = lookup(path)
    if (!entry) return
    yield entry
    for (const name of readdir(path)) yield* walk(path === '/' ? `/${name}` : `${path}/${name}`)
  }
  return {
    layerCount: 1,
    lookup,
    readdir,
    read: (path, part) => {
      const entry = lookup(path)
      if (entry?.kind !== 'file') throw new Fault('TREE_NOT_A_FILE', `${path} is not a file`)
      return readPart(host(path), part ?? { offset: 0, length: entry.size })
    },
    walk: () => walk(),
    xattrs: () => undefined,
  }
}

function entryOf(path: string, host: string, stat: ReturnType<typeof lstatSync>): TreeEntry {
  if (!stat) throw new Error('no stat')
  const kind = kindOf(stat)
  return {
    path,
    kind,
    mode: Number(stat.mode) & 0o7777,
    uid: Number(stat.uid),
    gid: Number(stat.gid),
    size: kind === 'file' ? Number(stat.size) : 0,
    mtime: Math.floor(Number(stat.mtimeMs) / 1000),
    layer: 0,
    ...(kind === 'symlink' ? { link: readlinkSync(host) } : {}),
    ...(kind === 'file' && stat.nlink > 1 ? { hardlinkGroup: `${stat.dev}:${stat.ino}` } : {}),
  }
}

function kindOf(stat: NonNullable<ReturnType<typeof lstatSync>>): TreeEntry['kind'] {
  if (stat.isDirectory()) return 'dir'
  if (stat.isSymbolicLink()) return 'symlink'
  if (stat.isFile()) return 'file'
  if (stat.isCharacterDevice()) return 'char'
  if (stat.isBlockDevice()) return 'block'
  return stat.isFIFO() ? 'fifo' : 'socket'
}

function readPart(path: string, { offset, length }: { offset: number; length: number }): Buffer {
  const file = openSync(path, 'r')
  try {
    const bytes = Buffer.alloc(Math.max(0, length))
    return bytes.subarray(0, readSync(file, bytes, 0, bytes.length, offset))
  } finally {
    closeSync(file)
  }
}
