import { inflateRawSync } from 'node:zlib'
import type { FileTree, TreeEntry } from '../../image/index.ts'

/** A member of a ZIP archive (APPNOTE.TXT 4.3): where its data lies and how it is packed. */
export type ZipMember = {
  readonly name: string
  /** Bytes when unpacked. */
  readonly size: number
  readonly packed: number
  /** 0 stored, 8 deflated. */
  readonly method: number
  /** CRC-32 of the unpacked bytes. */
  readonly crc: number
  readonly offset: number
}

/** Where an archive is read from: a tree, or the bytes of a member of another archive. */
export type Readable = Pick<FileTree, 'read'>

const endLength = 22
/** Longest comment after the end record. */
const mostComment = 65_535
/** What no jar's table of contents needs. */
const mostDirectory = 64 * 1024 * 1024
/** A single member that unpacks to more is not read. */
const mostMember = 64 * 1024 * 1024

/**
 * The members of an archive, read from its table of contents at the end of the file. ZIP64 archives give none: no jar
 * of an app has 65,535 members.
 * @returns undefined when the file is no such archive
 */
export function zipMembers(
  tree: Readable,
  { path, size }: Pick<TreeEntry, 'path' | 'size'>,
): readonly ZipMember[] | undefined {
  if (size < endLength) return undefined
  const tailAt = Math.max(0, size - endLength - mostComment)
  const tail = view(tree.read(path, { offset: tailAt, length: size - tailAt }))
  const end = endRecord(tail)
  if (end === undefined) return undefined
  const count = tail.getUint16(end + 10, true)
  const length = tail.getUint32(end + 12, true)
  const offset = tail.getUint32(end + 16, true)
  if (length > mostDirectory || offset + length > size) return undefined
  return membersIn(tree.read(path, { offset, length }), count)
}

/** One member, unpacked; undefined when it is damaged or too large. */
export function readMember(
  tree: Readable,
  { path }: Pick<TreeEntry, 'path'>,
  member: ZipMember,
): Uint8Array | undefined {
  const { offset, packed, method, size } = member
  if (size > mostMember || packed > mostMember) return undefined
  const head = tree.read(path, { offset, length: 30 })
  if (head.length < 30) return undefined
  const lengths = view(head)
  const skip = 30 + lengths.getUint16(26, true) + lengths.getUint16(28, true)
  const data = tree.read(path, { offset: offset + skip, length: packed })
  if (method === 0) return data
  if (method !== 8) return undefined
  try {
    return inflateRawSync(data, { maxOutputLength: mostMember })
  } catch {
    return undefined
  }
}

function endRecord(tail: DataView): number | undefined {
  for (let at = tail.byteLength - endLength; at >= 0; at--)
    if (tail.getUint32(at, true) === 0x06054b50) return at
  return undefined
}

function membersIn(bytes: Uint8Array, count: number): readonly ZipMember[] {
  const data = view(bytes)
  const out: ZipMember[] = []
  let at = 0
  while (out.length < count && at + 46 <= bytes.length && data.getUint32(at, true) === 0x02014b50) {
    const nameLength = data.getUint16(at + 28, true)
    out.push({
      name: new TextDecoder().decode(bytes.subarray(at + 46, at + 46 + nameLength)),
      method: data.getUint16(at + 10, true),
      crc: data.getUint32(at + 16, true),
      packed: data.getUint32(at + 20, true),
      size: data.getUint32(at + 24, true),
      offset: data.getUint32(at + 42, true),
    })
    at += 46 + nameLength + data.getUint16(at + 30, true) + data.getUint16(at + 32, true)
  }
  return out
}

function view(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
}
