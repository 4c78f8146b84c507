/** Numbers are little-endian; a tag is the number that its four letters make. */
const tags = { file: 0x506d7052, slot: 0x746f6c53, blob: 0x53626c42 } as const
const pageSize = 4096
const slotSize = 16
/** Unit of places and sizes. */
const block = 16
const mostPages = 4096

/**
 * The headers in `Packages.db`, SUSE's format: pages of slots, each of which names a package's number and the place of
 * its header (rpm's lib/backend/ndb/rpmpkg.c).
 * @returns undefined when the bytes are no such database, or are damaged
 */
export function headersInNdb(bytes: Uint8Array): readonly Uint8Array[] | undefined {
  if (bytes.length < pageSize) return undefined
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const pages = view.getUint32(12, true)
  if (view.getUint32(0, true) !== tags.file || view.getUint32(4, true) !== 0) return undefined
  if (pages > mostPages || pages * pageSize > bytes.length) return undefined
  const out: Uint8Array[] = []
  let total = 0
  // The file's own header takes the place of the first two slots.
  for (let at = 2 * slotSize; at < pages * pageSize; at += slotSize) {
    if (view.getUint32(at, true) !== tags.slot) return undefined
    const number = view.getUint32(at + 4, true)
    const start = view.getUint32(at + 8, true) * block
    if (number === 0 || start === 0) continue
    const blob = blobAt(view, start, number)
    total += blob?.length ?? 0
    // Headers that overlap would let a small file ask for any amount of work.
    if (!blob || total > bytes.length) return undefined
    out.push(blob)
  }
  return out
}

function blobAt(view: DataView, start: number, number: number): Uint8Array | undefined {
  const data = start + 16
  if (data > view.byteLength || view.getUint32(start, true) !== tags.blob) return undefined
  const length = view.getUint32(start + 12, true)
  if (view.getUint32(start + 4, true) !== number || data + length > view.byteLength)
    return undefined
  return new Uint8Array(view.buffer, view.byteOffset + data, length)
}
