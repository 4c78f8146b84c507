import { lstatSync, readdirSync, readlinkSync, type Stats } from 'node:fs'
import {
  byCodeUnit,
  decodeLatin1Name,
  decodePath,
  diskPath,
  type LayerNode,
} from '../image/index.ts'

/** One path of an unpacked layer, as it lies on disk. */
export type ScannedEntry = {
  /** Absolute inside the layer; `/` is the layer's root. */
  readonly path: string
  readonly node: LayerNode
  readonly inode: number
  readonly linkCount: number
}

/** Every path of a layer directory, parents first, siblings sorted by code unit. Nothing is followed. */
export function scanLayer(directory: string): ScannedEntry[] {
  const out: ScannedEntry[] = []
  const pending = ['/']
  for (let path = pending.pop(); path !== undefined; path = pending.pop()) {
    const disk = diskPath(path === '/' ? directory : directory + path)
    const stats = lstatSync(disk)
    const node = nodeOf(stats, disk)
    out.push({ path, node, inode: stats.ino, linkCount: stats.nlink })
    if (node === 'whiteout' || node.kind !== 'dir') continue
    const parent = path === '/' ? '' : path
    for (const name of readNames(disk).reverse()) pending.push(`${parent}/${name}`)
  }
  return out
}

/** Sorted names of a directory on disk. */
export function readNames(disk: string | Buffer): string[] {
  return readdirSync(disk, { encoding: 'latin1' }).map(decodeLatin1Name).sort(byCodeUnit)
}

/** What a stat means in a layer: overlayfs writes a deletion as a character device 0:0. */
export function nodeOf(stats: Stats, disk: string | Buffer): LayerNode {
  const kind = kindOf(stats)
  if (kind === 'char' && stats.rdev === 0) return 'whiteout'
  return {
    kind,
    mode: stats.mode & 0o7777,
    uid: stats.uid,
    gid: stats.gid,
    size: kind === 'file' ? stats.size : 0,
    mtime: Math.floor(stats.mtimeMs / 1000),
    ...(kind === 'symlink' ? { link: decodePath(readlinkSync(disk, 'buffer')) } : {}),
    ...(kind === 'char' || kind === 'block' ? { device: deviceOf(stats.rdev) } : {}),
  }
}

function kindOf(stats: Stats): Exclude<LayerNode, 'whiteout'>['kind'] {
  switch (stats.mode & 0o170000) {
    case 0o100000:
      return 'file'
    case 0o040000:
      return 'dir'
    case 0o120000:
      return 'symlink'
    case 0o020000:
      return 'char'
    case 0o060000:
      return 'block'
    case 0o010000:
      return 'fifo'
    default:
      return 'socket'
  }
}

/** glibc's gnu_dev_major and gnu_dev_minor, on a number because a device is at most 2^44 in practice. */
function deviceOf(device: number): { readonly major: number; readonly minor: number } {
  const value = BigInt(device)
  return {
    major: Number(((value >> 8n) & 0xfffn) | ((value >> 32n) & ~0xfffn)),
    minor: Number((value & 0xffn) | ((value >> 12n) & 0xffffff00n)),
  }
}
