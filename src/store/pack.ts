import { closeSync, constants, openSync, readSync } from 'node:fs'
import { Fault } from '../base/index.ts'
import {
  diskPath,
  encodeTarHeader,
  type LayerNode,
  type TarHeader,
  type TarKind,
  tarEnd,
  tarPadding,
} from '../image/index.ts'
import type { LayerMeta } from './layer-meta.ts'
import { type ScannedEntry, scanLayer } from './layer-scan.ts'

const chunkSize = 1 << 20

/**
 * The layer as a tar (OCI layer.md), whiteouts written as `.wh.` files. Equal layers give equal bytes. Each chunk is
 * valid until the next one is asked for: the buffer is used again. `scanned` is what `scanLayer` says, when known.
 */
export function* packDirectory(
  directory: string,
  meta: LayerMeta,
  scanned: readonly ScannedEntry[] = scanLayer(directory),
): Generator<Buffer, void> {
  const buffer = Buffer.allocUnsafe(chunkSize)
  let fill = 0
  function* bytes(source: Uint8Array): Generator<Buffer, void> {
    let at = 0
    while (at < source.length) {
      const count = Math.min(chunkSize - fill, source.length - at)
      buffer.set(source.subarray(at, at + count), fill)
      at += count
      fill += count
      if (fill === chunkSize) {
        yield buffer
        fill = 0
      }
    }
  }
  function* content(path: string, size: number): Generator<Buffer, void> {
    const fd = openSync(diskPath(directory + path), constants.O_RDONLY | constants.O_NOFOLLOW)
    try {
      let left = size
      while (left > 0) {
        const count = readSync(fd, buffer, fill, Math.min(chunkSize - fill, left), null)
        if (count === 0) throw changed(path)
        left -= count
        fill += count
        if (fill === chunkSize) {
          yield buffer
          fill = 0
        }
      }
    } finally {
      closeSync(fd)
    }
    yield* bytes(new Uint8Array(tarPadding(size)))
  }
  for (const { header, body } of members(scanned, meta)) {
    yield* bytes(encodeTarHeader(header))
    if (body !== undefined) yield* content(body, header.size)
  }
  yield* bytes(tarEnd)
  if (fill > 0) yield buffer.subarray(0, fill)
}

type Member = { readonly header: TarHeader; readonly body?: string }

function* members(scanned: readonly ScannedEntry[], meta: LayerMeta): Generator<Member, void> {
  const firstOf = new Map(meta.links.flatMap((group) => group.slice(1).map((p) => [p, group[0]])))
  const opaque = new Set(meta.opaque)
  for (const { path, node } of scanned) {
    const slash = path.lastIndexOf('/')
    const name = path.slice(slash + 1)
    if (node === 'whiteout') {
      yield { header: whiteout(`${path.slice(1, slash + 1)}.wh.${name}`) }
      continue
    }
    // A socket cannot be in a tar, and means nothing without its process.
    if (node.kind === 'socket') continue
    if (name.startsWith('.wh.')) throw reserved(path)
    const target = firstOf.get(path)
    const xattrs = meta.xattrs[path]
    if (target !== undefined) {
      const header = headerOf(path.slice(1), 'hardlink', node, undefined)
      yield { header: { ...header, size: 0, link: target.slice(1) } }
      continue
    }
    if (path === '/' && isPlainRoot(node) && !xattrs) continue
    const header = headerOf(path === '/' ? '.' : path.slice(1), node.kind, node, xattrs)
    yield node.kind === 'file' ? { header, body: path } : { header }
    if (opaque.has(path)) yield { header: whiteout(`${path.slice(1)}/.wh..wh..opq`) }
  }
}

function headerOf(
  name: string,
  kind: TarKind,
  node: Exclude<LayerNode, 'whiteout'>,
  xattrs: Readonly<Record<string, string>> | undefined,
): TarHeader {
  const { mode, uid, gid, size, mtime, link, device } = node
  const plain: TarHeader = { name, kind, mode, uid, gid, size, mtime }
  // Nearly every member is like this.
  if (link === undefined && !device && !xattrs) return plain
  return {
    ...plain,
    ...(link === undefined ? {} : { link }),
    ...(device ? { device } : {}),
    ...(xattrs ? { xattrs: decode(xattrs) } : {}),
  }
}

/** Layers do not list `/` unless something is said about it. */
function isPlainRoot(node: { mode: number; uid: number; gid: number }): boolean {
  return node.mode === 0o755 && node.uid === 0 && node.gid === 0
}

function whiteout(name: string): TarHeader {
  return { name, kind: 'file', mode: 0o600, uid: 0, gid: 0, size: 0, mtime: 0 }
}

function decode(xattrs: Readonly<Record<string, string>>): Map<string, Uint8Array> {
  return new Map(Object.entries(xattrs).map(([name, text]) => [name, Buffer.from(text, 'base64')]))
}

function changed(path: string): Fault {
  return new Fault('LAYER_CHANGED', `${path} became shorter while the layer was read`, {
    kind: 'internal',
  })
}

function reserved(path: string): Fault {
  return new Fault('LAYER_NAME_RESERVED', `no layer can hold a file named ${path}`, {
    hint: 'Names that start with .wh. mark deletions in image layers: rename or remove the file, or keep it out with .dockerignore.',
  })
}
