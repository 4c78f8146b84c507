const hashMagic = 0x061561
const pageHeader = 26
const types = { unsorted: 2, overflow: 7, hash: 13 } as const
const items = { inPage: 1, elsewhere: 3 } as const
/** A key of the table is the four bytes of a package's number; number 0 holds the highest one in use. */
const keyLength = 4

type File = {
  readonly bytes: Uint8Array
  readonly view: DataView
  /** The byte order is the writer's. */
  readonly little: boolean
  readonly pageSize: number
  readonly pages: number
}

/**
 * The headers in `Packages`, the Berkeley DB hash table of RHEL 8, Amazon Linux 2 and older: pages of keys and values
 * by turns, and chains of overflow pages for the values that do not fit (Berkeley DB's dbinc/db_page.h).
 * @returns undefined when the bytes are no such table, or are damaged
 */
export function headersInBerkeley(bytes: Uint8Array): readonly Uint8Array[] | undefined {
  const file = open(bytes)
  if (!file) return undefined
  const out: Uint8Array[] = []
  let total = 0
  for (let page = 1; page < file.pages; page++) {
    const start = page * file.pageSize
    const type = file.view.getUint8(start + 25)
    if (type !== types.hash && type !== types.unsorted) continue
    const count = number16(file, start + 20)
    if (pageHeader + count * 2 > file.pageSize) return undefined
    for (let at = 0; at + 1 < count; at += 2) {
      const key = item(file, start, at)
      const value = item(file, start, at + 1)
      total += (key?.length ?? 0) + (value?.length ?? 0)
      // Values that share their pages would let a small file ask for any amount of work.
      if (!key || !value || total > bytes.length) return undefined
      if (isPackage(key)) out.push(value)
    }
  }
  return out
}

function open(bytes: Uint8Array): File | undefined {
  if (bytes.length < 512) return undefined
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const little = view.getUint32(12, true) === hashMagic
  if (!little && view.getUint32(12) !== hashMagic) return undefined
  const pageSize = view.getUint32(20, little)
  if (pageSize < 512 || pageSize > 65_536) return undefined
  return { bytes, view, little, pageSize, pages: Math.floor(bytes.length / pageSize) }
}

function isPackage(key: Uint8Array): boolean {
  return key.length === keyLength && key.some((byte) => byte !== 0)
}

/** One item of a page. Items fill it from its end: each reaches to where the one before it begins. */
function item(file: File, start: number, index: number): Uint8Array | undefined {
  const { bytes, view, little, pageSize } = file
  const place = (at: number): number => number16(file, start + pageHeader + at * 2)
  const [from, to] = [place(index), index === 0 ? pageSize : place(index - 1)]
  if (from < pageHeader || to > pageSize || from >= to) return undefined
  const kind = view.getUint8(start + from)
  if (kind === items.inPage) return bytes.subarray(start + from + 1, start + to)
  if (kind !== items.elsewhere || to - from < 12) return undefined
  return chain(
    file,
    view.getUint32(start + from + 4, little),
    view.getUint32(start + from + 8, little),
  )
}

/** A value in overflow pages, each of which names the next. */
function chain(file: File, first: number, length: number): Uint8Array | undefined {
  const { bytes, view, little, pageSize, pages } = file
  if (length > bytes.length) return undefined
  const out = new Uint8Array(length)
  let filled = 0
  for (let page = first; filled < length; ) {
    const start = page * pageSize
    if (page < 1 || page >= pages || view.getUint8(start + 25) !== types.overflow) return undefined
    const here = number16(file, start + 22)
    if (here === 0 || here > Math.min(pageSize - pageHeader, length - filled)) return undefined
    out.set(bytes.subarray(start + pageHeader, start + pageHeader + here), filled)
    filled += here
    page = view.getUint32(start + 16, little)
  }
  return out
}

function number16({ view, little }: File, at: number): number {
  return view.getUint16(at, little)
}
