import { createHash } from 'node:crypto'
import {
  type Digest,
  decodeLatin1Name,
  diskPath,
  encodePath,
  type LayerNode,
  type LayerView,
  parseDigest,
} from '../image/index.ts'
import type { ScannedEntry } from './layer-scan.ts'

/** What a listing knows of a layer: all but hard links, hidden content and attributes, which are in `meta.json`. */
export type LayerListing = Pick<LayerView, 'node' | 'names'>

type Node = Exclude<LayerNode, 'whiteout'>

const deletion: Node = {
  kind: 'char',
  mode: 0,
  uid: 0,
  gid: 0,
  size: 0,
  mtime: 0,
  device: { major: 0, minor: 0 },
}

/**
 * The listing of a layer (`layers/ID/listing`), in scan order: `KIND MODE UID GID SIZE MTIME MAJOR MINOR`, NUL, path,
 * NUL, target, newline for each entry; decimal numbers, names as the bytes they have on disk. A target may hold
 * newlines, what stands before the first NUL of an entry does not: an entry ends at the last newline before it.
 */
export function encodeListing(scanned: readonly ScannedEntry[]): Buffer {
  const pieces: Buffer[] = []
  let text = ''
  const flush = (): void => {
    pieces.push(Buffer.from(text))
    text = ''
  }
  for (const { path, node } of scanned) {
    const { kind, mode, uid, gid, size, mtime, link, device } =
      node === 'whiteout' ? deletion : node
    text += `${kind} ${mode} ${uid} ${gid} ${size} ${mtime} ${device?.major ?? ''} ${device?.minor ?? ''}\0`
    if (typeof diskPath(path) === 'string' && typeof diskPath(link ?? '') === 'string')
      text += `${path}\0${link ?? ''}\n`
    else {
      flush()
      pieces.push(encodePath(path), Buffer.from([0]), encodePath(link ?? ''))
      text = '\n'
    }
    // A call for each of tens of thousands of lines would cost more than the encoding.
    if (text.length > 1 << 16) flush()
  }
  flush()
  return Buffer.concat(pieces)
}

/** The digest that `meta.json` names a listing by. */
export function listingDigest(listing: Uint8Array): Digest {
  return parseDigest(`sha256:${createHash('sha256').update(listing).digest('hex')}`)
}

export function listingOf(scanned: readonly ScannedEntry[]): Digest {
  return listingDigest(encodeListing(scanned))
}

/** What `encodeListing` wrote; the bytes must have the digest they should have, for nothing is checked here. */
export function decodeListing(bytes: Buffer): LayerListing {
  // One byte a character: cheap to make and to cut, and only names that are not ASCII are decoded.
  const text = bytes.toString('latin1')
  // Where an entry begins. What it says is read when somebody asks: many thousand objects that stay cost more.
  const places = new Map<string, number>()
  const directories = new Map<string, string[]>()
  let folder = ''
  let names: string[] = []
  for (let at = 0; at < text.length; ) {
    const headEnd = text.indexOf('\0', at)
    const pathEnd = text.indexOf('\0', headEnd + 1)
    const path = decodeLatin1Name(text.slice(headEnd + 1, pathEnd))
    places.set(path, at)
    at = endOf(text, pathEnd) + 1
    if (path === '/') continue
    const slash = path.lastIndexOf('/')
    const parent = slash === 0 ? '/' : path.slice(0, slash)
    if (parent !== folder) {
      folder = parent
      names = directories.get(parent) ?? []
      directories.set(parent, names)
    }
    names.push(path.slice(slash + 1))
  }
  return {
    node: (path) => {
      const start = places.get(path)
      return start === undefined ? undefined : nodeAt(text, start)
    },
    names: (path) => directories.get(path) ?? [],
  }
}

/** Where the newline is that ends the entry whose path ends here. */
function endOf(text: string, pathEnd: number): number {
  const next = text.indexOf('\0', pathEnd + 1)
  return text.lastIndexOf('\n', next < 0 ? text.length : next)
}

const kinds: ReadonlyMap<string, Node['kind']> = new Map(
  (['file', 'dir', 'symlink', 'char', 'block', 'fifo', 'socket'] as const).map((kind) => [
    kind,
    kind,
  ]),
)

/** The entry that begins at `start`. */
function nodeAt(text: string, start: number): LayerNode {
  let at = text.indexOf(' ', start)
  const kind = kinds.get(text.slice(start, at)) ?? 'file'
  const number = (): number => {
    at += 1
    const negative = text.charCodeAt(at) === 0x2d
    if (negative) at += 1
    let value = 0
    for (let digit = text.charCodeAt(at) - 0x30; digit >= 0 && digit <= 9; ) {
      value = value * 10 + digit
      at += 1
      digit = text.charCodeAt(at) - 0x30
    }
    return negative ? -value : value
  }
  const mode = number()
  const uid = number()
  const gid = number()
  const size = number()
  const mtime = number()
  if (kind === 'symlink') {
    const pathEnd = text.indexOf('\0', text.indexOf('\0', at) + 1)
    const link = decodeLatin1Name(text.slice(pathEnd + 1, endOf(text, pathEnd)))
    return { kind, mode, uid, gid, size, mtime, link }
  }
  if (kind !== 'char' && kind !== 'block') return { kind, mode, uid, gid, size, mtime }
  const device = { major: number(), minor: number() }
  // As overlayfs writes a deletion, see `scanLayer`.
  if (kind === 'char' && device.major === 0 && device.minor === 0) return 'whiteout'
  return { kind, mode, uid, gid, size, mtime, device }
}
