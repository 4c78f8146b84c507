import { closeSync, constants, fstatSync, lstatSync, openSync, readSync, type Stats } from 'node:fs'
import { Fault } from '../base/index.ts'
import { diskPath, type LayerView } from '../image/index.ts'
import { errnoOf } from './disk-fault.ts'
import { isWorthListing } from './layer-listed.ts'
import type { LayerListing } from './layer-listing.ts'
import type { LayerMeta } from './layer-meta.ts'
import { nodeOf, readNames } from './layer-scan.ts'

/**
 * A published layer as the overlay merge sees it. Needs no native calls: what they would tell is in the record.
 * @param listed the layer's listing, asked for when so much has been looked up that reading it pays
 */
export function layerView(
  directory: string,
  meta: LayerMeta,
  listed: () => LayerListing | undefined,
): LayerView {
  const opaque = new Set(meta.opaque)
  const groups = new Map(meta.links.flatMap((group) => group.map((path) => [path, group[0]])))
  const disk = (path: string): string | Buffer =>
    diskPath(path === '/' ? directory : directory + path)
  const found = looker(disk, meta, listed)
  return {
    node: (path) => {
      const node = found().node(path)
      const group = groups.get(path)
      return node && node !== 'whiteout' && group !== undefined
        ? { ...node, hardlinkGroup: group }
        : node
    },
    names: (path) => found(20).names(path),
    opaque: (path) => opaque.has(path),
    read: (path, part) => readFile(disk(path), path, part),
    xattrs: (path) => {
      const found = meta.xattrs[path]
      return (
        found &&
        new Map(Object.entries(found).map(([name, value]) => [name, Buffer.from(value, 'base64')]))
      )
    },
  }
}

/** An entry of a listing costs a tenth of what it costs on disk, but all of them are read for the first. */
const share = 20

/**
 * Where to look something up: on disk at first, for who asks for a file or two, and then in the listing.
 * @returns a function of what the call costs, in calls of lstat
 */
function looker(
  disk: (path: string) => string | Buffer,
  meta: LayerMeta,
  listed: () => LayerListing | undefined,
): (cost?: number) => LayerListing {
  const onDisk: LayerListing = {
    node: (path) => {
      // No names of a layer, though the kernel finds something by them.
      if (/\/\.\.?$/.test(path)) return undefined
      const place = disk(path)
      const stats = lstat(place)
      return stats && nodeOf(stats, place)
    },
    names: (path) => namesIn(disk(path)),
  }
  let left = isWorthListing(meta) ? meta.entries / share : Number.POSITIVE_INFINITY
  let current = onDisk
  return (cost = 1) => {
    if (left <= 0) return current
    left -= cost
    if (left <= 0) current = listed() ?? onDisk
    return current
  }
}

function namesIn(path: string | Buffer): readonly string[] {
  try {
    return readNames(path)
  } catch (error) {
    if (errnoOf(error) === 'ENOTDIR' || errnoOf(error) === 'ENOENT') return []
    throw error
  }
}

function lstat(path: string | Buffer): Stats | undefined {
  try {
    return lstatSync(path, { throwIfNoEntry: false })
  } catch (error) {
    // A parent is a file here, or the name is longer than any name can be.
    if (errnoOf(error) === 'ENOTDIR' || errnoOf(error) === 'ENAMETOOLONG') return undefined
    throw error
  }
}

function readFile(
  disk: string | Buffer,
  path: string,
  part: { readonly offset: number; readonly length: number } | undefined,
): Uint8Array {
  const fd = openSync(disk, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK)
  try {
    const stats = fstatSync(fd)
    if (!stats.isFile()) throw new Fault('TREE_NOT_A_FILE', `not a regular file: ${path}`)
    const offset = part?.offset ?? 0
    const length = Math.max(0, Math.min(part?.length ?? stats.size, stats.size - offset))
    const bytes = Buffer.allocUnsafe(length)
    let done = 0
    while (done < length) {
      const count = readSync(fd, bytes, done, length - done, offset + done)
      if (count === 0) break
      done += count
    }
    return bytes.subarray(0, done)
  } finally {
    closeSync(fd)
  }
}
