/** Library name → paths in the order the cache lists them. */
export type LoaderCache = ReadonlyMap<string, readonly string[]>

const newMagic = 'glibc-ld.so.cache1.1'
const oldMagic = 'ld.so-1.7.0'
const headerSize = 48
const entrySize = 24
const maxEntries = 200_000

/**
 * `/etc/ld.so.cache` in the format of glibc since 2.2 (elf/cache.c), also when an old-format cache precedes it.
 * The loader reads only this file and not `ld.so.conf`: a library copied without running `ldconfig` is not in it.
 * @returns undefined when the bytes are not such a cache
 */
export function readLoaderCache(bytes: Uint8Array): LoaderCache | undefined {
  const start = startOf(bytes)
  if (start === undefined || start + headerSize > bytes.byteLength) return undefined
  const view = new DataView(bytes.buffer, bytes.byteOffset + start, bytes.byteLength - start)
  // Byte 28: 2 little, 3 big endian; 0 in caches written before glibc 2.32.
  const little = view.getUint8(28) !== 3
  const count = Math.min(view.getUint32(20, little), maxEntries)
  const out = new Map<string, string[]>()
  for (let i = 0; i < count; i++) {
    const at = headerSize + i * entrySize
    if (at + entrySize > view.byteLength) break
    const name = textAt(view, view.getUint32(at + 4, little))
    const path = textAt(view, view.getUint32(at + 8, little))
    if (name === '' || !path.startsWith('/')) continue
    const paths = out.get(name)
    if (paths) paths.push(path)
    else out.set(name, [path])
  }
  return out
}

function startOf(bytes: Uint8Array): number | undefined {
  if (ascii(bytes, 0, newMagic.length) === newMagic) return 0
  if (ascii(bytes, 0, oldMagic.length) !== oldMagic || bytes.byteLength < 16) return undefined
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const end = 16 + view.getUint32(12, true) * 12
  const start = Math.ceil(end / 8) * 8
  return ascii(bytes, start, newMagic.length) === newMagic ? start : undefined
}

function ascii(bytes: Uint8Array, start: number, length: number): string {
  return String.fromCharCode(...bytes.subarray(start, start + length))
}

function textAt(view: DataView, offset: number): string {
  const limit = Math.min(view.byteLength, offset + 4096)
  let end = offset
  while (end < limit && view.getUint8(end) !== 0) end++
  if (offset >= limit) return ''
  return new TextDecoder().decode(
    new Uint8Array(view.buffer, view.byteOffset + offset, end - offset),
  )
}
