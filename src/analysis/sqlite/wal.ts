const header = 32
const frameHeader = 24
/** The last bit tells how the words of the checksums are stored: 0 little-endian, 1 big-endian. */
const magic = 0x377f0682

/** What committed transactions of a write-ahead log put in the place of the database's own pages. */
export type Log = {
  readonly pageSize: number
  /** The newest content by number of the page, first page 1. */
  readonly pages: ReadonlyMap<number, Uint8Array>
}

/**
 * Reads a write-ahead log (sqlite.org/fileformat2.html, section 4). A frame counts when its salts are the log's, its
 * checksum continues that of the frame before, and a commit follows: what is behind belongs to an older log, or to a
 * transaction that was never finished.
 * @returns undefined when the bytes are no such log
 */
export function readLog(bytes: Uint8Array): Log | undefined {
  if (bytes.length < header) return undefined
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const kind = view.getUint32(0)
  const pageSize = view.getUint32(8)
  if ((kind & ~1) !== magic || pageSize < 512 || pageSize > 65_536) return undefined
  const little = (kind & 1) === 0
  let sum = checksum(view, 0, 24, little, [0, 0])
  if (!agrees(view, 24, sum)) return undefined
  const pages = new Map<number, Uint8Array>()
  let open: [number, Uint8Array][] = []
  for (let at = header; at + frameHeader + pageSize <= bytes.length; at += frameHeader + pageSize) {
    if (view.getUint32(at + 8) !== view.getUint32(16)) break
    if (view.getUint32(at + 12) !== view.getUint32(20)) break
    sum = checksum(view, at + frameHeader, pageSize, little, checksum(view, at, 8, little, sum))
    if (!agrees(view, at + 16, sum)) break
    const start = at + frameHeader
    open.push([view.getUint32(at), bytes.subarray(start, start + pageSize)])
    // A commit says how many pages the database has then; any other frame says 0.
    if (view.getUint32(at + 4) === 0) continue
    for (const [number, page] of open) pages.set(number, page)
    open = []
  }
  return { pageSize, pages }
}

type Sum = readonly [number, number]

function agrees(view: DataView, at: number, [first, second]: Sum): boolean {
  return view.getUint32(at) === first && view.getUint32(at + 4) === second
}

/** Section 4.2: two words at a time, each sum takes up the other. */
function checksum(view: DataView, at: number, length: number, little: boolean, before: Sum): Sum {
  let [first, second] = before
  for (let offset = at; offset < at + length; offset += 8) {
    first = (first + view.getUint32(offset, little) + second) >>> 0
    second = (second + view.getUint32(offset + 4, little) + first) >>> 0
  }
  return [first, second]
}
