/** Reads up to `length` bytes at `offset`; fewer at the end of the file. */
export type ReadAt = (offset: number, length: number) => Uint8Array

/** A file seen through a window of small pages, so that only the few pages a loader needs are read. */
export type Pages = {
  u8(offset: number): number
  u16(offset: number): number
  u32(offset: number): number
  /** Also negative numbers come out unsigned, as addresses. */
  u64(offset: number): number
  /** Text up to a NUL byte. Unreasonably long text counts as out of bounds. */
  string(offset: number): string
}

/** Thrown inside this folder when a hostile or broken file points outside itself or asks for too much. */
export class OutOfBounds extends Error {}

const pageSize = 16 * 1024
/** 1,024 pages are 16 MiB: more than any honest dynamic section with its strings. */
const maxPages = 1024
const maxString = 4096
/** Characters of all strings of a file: overlapping strings of a hostile table would multiply otherwise. */
const maxText = 1 << 21

/** Pages of a file in the given byte order. Every accessor throws OutOfBounds beyond the end or the budget. */
export function pagesOf(readAt: ReadAt, size: number, little: boolean): Pages {
  const pages = new Map<number, DataView>()
  const page = (index: number): DataView => {
    const known = pages.get(index)
    if (known) return known
    if (pages.size >= maxPages) throw new OutOfBounds('too many pages')
    const bytes = readAt(index * pageSize, Math.min(pageSize, size - index * pageSize))
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
    pages.set(index, view)
    return view
  }
  const u8 = (offset: number): number => {
    if (!(offset >= 0 && offset < size)) throw new OutOfBounds('offset')
    const view = page(Math.floor(offset / pageSize))
    const at = offset % pageSize
    if (at >= view.byteLength) throw new OutOfBounds('short read')
    return view.getUint8(at)
  }
  const number = (offset: number, width: number): number => {
    let value = 0
    for (let i = 0; i < width; i++) value = value * 256 + u8(offset + (little ? width - 1 - i : i))
    return value
  }
  let left = maxText
  const string = (offset: number): string => {
    const text = stringAt(u8, offset, Math.min(maxString, left))
    left -= text.length + 1
    return text
  }
  return {
    u8,
    u16: (offset) => number(offset, 2),
    u32: (offset) => number(offset, 4),
    u64: (offset) => number(offset, 8),
    string,
  }
}

function stringAt(u8: (offset: number) => number, offset: number, limit: number): string {
  const codes: number[] = []
  for (let at = offset; codes.length < limit; at++) {
    const code = u8(at)
    if (code === 0) return new TextDecoder().decode(Uint8Array.from(codes))
    codes.push(code)
  }
  throw new OutOfBounds('string too long')
}
