import { type Log, readLog } from './wal.ts'

/** A column of a row: SQLite's five storage classes. Integers beyond 2^53 lose precision, which no key here has. */
export type Value = null | number | string | Uint8Array

/** Reads `length` bytes at `offset`; fewer at the end of the file. */
export type ReadAt = (offset: number, length: number) => Uint8Array

const magic = 'SQLite format 3\0'
/** Bytes of one row. */
const mostPayload = 64 * 1024 * 1024
/** Bytes of all rows: those that share their pages would let a small file ask for any amount of work. */
const mostOfTable = 1024 * 1024 * 1024

class Broken extends Error {}

/**
 * The rows of one table of an SQLite database, in the order of their rowids (sqlite.org/fileformat2.html). Only what a
 * read-only look at a whole table needs: no index, no virtual or WITHOUT ROWID table.
 * @param log bytes of the write-ahead log beside the file, `NAME-wal`: what it has committed counts
 * @returns undefined when the bytes are no such database, have no such table, or are damaged
 */
export function rowsOf(
  readAt: ReadAt,
  table: string,
  log?: Uint8Array,
): readonly (readonly Value[])[] | undefined {
  try {
    const file = openFile(readAt, log && readLog(log))
    if (!file) return undefined
    const root = rootPage(file, table)
    return root === undefined ? undefined : [...rowsIn(file, root)]
  } catch (error) {
    if (error instanceof Broken || error instanceof RangeError) return undefined
    throw error
  }
}

type File = {
  readonly page: (number: number) => DataView
  /** Bytes of a page without what is reserved at its end. */
  readonly usable: number
}

function openFile(readAt: ReadAt, log: Log | undefined): File | undefined {
  const head = log?.pages.get(1)?.subarray(0, 100) ?? readAt(0, 100)
  if (head.length < 100 || new TextDecoder('latin1').decode(head.subarray(0, 16)) !== magic)
    return undefined
  const view = viewOf(head)
  const written = view.getUint16(16)
  const size = written === 1 ? 65_536 : written
  if (size < 512 || (log && log.pages.size > 0 && log.pageSize !== size)) return undefined
  const pages = new Map<number, DataView>()
  const page = (number: number): DataView => {
    const known = pages.get(number)
    if (known) return known
    if (number < 1) throw new Broken('page')
    const bytes = log?.pages.get(number) ?? readAt((number - 1) * size, size)
    if (bytes.length < size) throw new Broken('short page')
    const made = viewOf(bytes)
    if (pages.size < 64) pages.set(number, made)
    return made
  }
  return { page, usable: size - view.getUint8(20) }
}

/** The schema is the table on page 1, `sqlite_schema`: type, name, table, root page, SQL. */
function rootPage(file: File, table: string): number | undefined {
  if (table === 'sqlite_schema') return 1
  for (const [type, name, , root] of rowsIn(file, 1))
    if (type === 'table' && name === table && typeof root === 'number') return root
  return undefined
}

const leaf = 13
const interior = 5

function* rowsIn(file: File, root: number): Iterable<readonly Value[]> {
  let total = 0
  const pending = [root]
  const visited = new Set<number>()
  for (let number = pending.pop(); number !== undefined; number = pending.pop()) {
    // A tree has each page once; one that leads back into itself would never end.
    if (visited.has(number)) throw new Broken('cycle')
    visited.add(number)
    const page = file.page(number)
    const start = number === 1 ? 100 : 0
    const type = page.getUint8(start)
    const cells = page.getUint16(start + 3)
    const first = start + (type === interior ? 12 : 8)
    const offsets = Array.from({ length: cells }, (_, at) => page.getUint16(first + at * 2))
    if (type === leaf)
      for (const offset of offsets) {
        total += varint(page, offset).value
        if (total > mostOfTable) throw new Broken('size')
        yield rowAt(file, page, offset)
      }
    else if (type === interior) {
      // A stack: the leftmost child has to come last.
      pending.push(page.getUint32(start + 8))
      for (const offset of offsets.reverse()) pending.push(page.getUint32(offset))
    } else throw new Broken('page type')
  }
}

function rowAt(file: File, page: DataView, offset: number): readonly Value[] {
  const length = varint(page, offset)
  const rowid = varint(page, length.next)
  if (length.value > mostPayload) throw new Broken('payload')
  return columnsOf(payload(file, page, rowid.next, length.value), rowid.value)
}

/** What does not fit into the page goes on in a chain of others (section 1.6, "cell payload overflow pages"). */
function payload(file: File, page: DataView, at: number, length: number): DataView {
  const { usable } = file
  const most = usable - 35
  const least = Math.floor(((usable - 12) * 32) / 255) - 23
  const folded = least + ((length - least) % (usable - 4))
  const here = length <= most ? length : folded <= most ? folded : least
  const out = new Uint8Array(length)
  out.set(bytesOf(page, at, here))
  let filled = here
  let next = here < length ? page.getUint32(at + here) : 0
  while (filled < length) {
    if (next === 0) throw new Broken('overflow')
    const more = file.page(next)
    const part = Math.min(usable - 4, length - filled)
    out.set(bytesOf(more, 4, part), filled)
    filled += part
    next = more.getUint32(0)
  }
  return viewOf(out)
}

/** The record format: a header of serial types, then the values. An INTEGER PRIMARY KEY is stored as NULL: the rowid. */
function columnsOf(record: DataView, rowid: number): readonly Value[] {
  const header = varint(record, 0)
  const types: number[] = []
  for (let at = header.next; at < header.value; ) {
    const type = varint(record, at)
    types.push(type.value)
    at = type.next
  }
  const out: Value[] = []
  let at = header.value
  for (const [index, type] of types.entries()) {
    const { value, length } = valueAt(record, at, type)
    out.push(value === null && index === 0 ? rowid : value)
    at += length
  }
  return out
}

const integerLengths: readonly number[] = [0, 1, 2, 3, 4, 6, 8]

function valueAt(
  record: DataView,
  at: number,
  type: number,
): { readonly value: Value; readonly length: number } {
  if (type === 0) return { value: null, length: 0 }
  if (type === 8 || type === 9) return { value: type - 8, length: 0 }
  if (type === 7) return { value: record.getFloat64(at), length: 8 }
  if (type >= 12) {
    const length = Math.floor((type - 12) / 2)
    const bytes = bytesOf(record, at, length)
    return { value: type % 2 === 0 ? bytes : new TextDecoder().decode(bytes), length }
  }
  const length = integerLengths[type]
  if (length === undefined) throw new Broken('serial type')
  let value = record.getInt8(at)
  for (let i = 1; i < length; i++) value = value * 256 + record.getUint8(at + i)
  return { value, length }
}

/** Big-endian, seven bits a byte, the ninth byte whole. */
function varint(view: DataView, at: number): { readonly value: number; readonly next: number } {
  let value = 0
  for (let i = 0; i < 8; i++) {
    const byte = view.getUint8(at + i)
    value = value * 128 + (byte & 0x7f)
    if (byte < 0x80) return { value, next: at + i + 1 }
  }
  return { value: value * 256 + view.getUint8(at + 8), next: at + 9 }
}

function bytesOf(view: DataView, at: number, length: number): Uint8Array {
  if (at + length > view.byteLength) throw new Broken('short')
  return new Uint8Array(view.buffer, view.byteOffset + at, length)
}

function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
}
