import { Fault } from '../../base/index.ts'
import { decodePath } from '../path-bytes.ts'
import { blockSize } from './header.ts'

/** The fields of one header block, without extensions; texts by `decodePath`, `name` with the prefix joined. */
export type Ustar = {
  readonly name: string
  readonly mode: number
  readonly uid: number
  readonly gid: number
  readonly size: number
  readonly mtime: number
  readonly type: string
  readonly link: string
  readonly device: { readonly major: number; readonly minor: number }
}

const zeros = Buffer.alloc(blockSize)

export function isZero(block: Buffer): boolean {
  return block[0] === 0 && block.length === blockSize && block.equals(zeros)
}

/** @throws Fault TAR_INVALID for a wrong checksum or an unreadable number */
export function parseUstar(block: Buffer): Ustar {
  verifyChecksum(block)
  const magic = isMagic(block)
  const posix = magic && block[262] === 0
  const name = field(block, 0, 100)
  // GNU archives use the prefix field for other things.
  const prefix = posix && block[345] !== 0 ? field(block, 345, 155) : ''
  const size = number(block, 124, 12)
  if (size < 0) throw bad('negative size')
  return {
    name: prefix === '' ? name : `${prefix}/${name}`,
    mode: number(block, 100, 8),
    uid: number(block, 108, 8),
    gid: number(block, 116, 8),
    size,
    mtime: number(block, 136, 12),
    type: String.fromCharCode(block[156] ?? 0),
    link: block[157] === 0 ? '' : field(block, 157, 100),
    device: magic && isDevice(block) ? deviceOf(block) : noDevice,
  }
}

const noDevice: Ustar['device'] = { major: 0, minor: 0 }

/** `ustar`, whatever follows it: a NUL in POSIX archives, a space in GNU's. */
function isMagic(block: Buffer): boolean {
  return (
    block[257] === 0x75 &&
    block[258] === 0x73 &&
    block[259] === 0x74 &&
    block[260] === 0x61 &&
    block[261] === 0x72
  )
}

/** Only types 3 and 4 have device numbers; what others write there is not looked at. */
function isDevice(block: Buffer): boolean {
  return block[156] === 0x33 || block[156] === 0x34
}

function deviceOf(block: Buffer): Ustar['device'] {
  return { major: number(block, 329, 8), minor: number(block, 337, 8) }
}

/** Sum of all bytes with the checksum field read as spaces; old writers summed signed bytes. */
function verifyChecksum(block: Buffer): void {
  const found = number(block, 148, 8)
  const fieldSum = bytesSum(block, 148, 156)
  const sum = wholeSum(block) - fieldSum + 8 * 0x20
  if (found !== sum && found !== sum - 256 * highBytes(block)) throw bad('wrong header checksum')
}

/** Two bytes of each word at a time: 128 words of at most 2 × 255 fit into sixteen bits. */
function wholeSum(block: Buffer): number {
  if (block.byteOffset % 4 !== 0) return bytesSum(block, 0, blockSize)
  const words = new Uint32Array(block.buffer, block.byteOffset, blockSize / 4)
  let pairs = 0
  for (let at = 0; at < words.length; at += 1) {
    const word = words[at] as number
    pairs += (word & 0x00ff_00ff) + ((word >>> 8) & 0x00ff_00ff)
  }
  return (pairs & 0xffff) + (pairs >>> 16)
}

function bytesSum(block: Buffer, from: number, to: number): number {
  let sum = 0
  for (let at = from; at < to; at += 1) sum += block[at] as number
  return sum
}

/** How many bytes outside the checksum field are negative when they are read as signed. */
function highBytes(block: Buffer): number {
  let high = 0
  for (let at = 0; at < blockSize; at += 1)
    if (at < 148 || at >= 156) high += (block[at] as number) >> 7
  return high
}

/** Octal digits, or base 256 when the top bit is set (GNU). */
function number(block: Buffer, at: number, width: number): number {
  const first = block[at] ?? 0
  if (first >= 0x80) return base256(block.subarray(at, at + width))
  const end = at + width
  let here = at
  while (here < end && isBlank(block[here] as number)) here += 1
  let value = 0
  // Twelve digits at most: below 2^36.
  for (; here < end; here += 1) {
    const byte = block[here] as number
    if (isBlank(byte)) break
    if (byte < 0x30 || byte > 0x37) throw bad('a number that is not octal')
    value = value * 8 + byte - 0x30
  }
  return value
}

/** NUL and space end a number, and old writers pad with them. */
function isBlank(byte: number): boolean {
  return byte === 0 || byte === 0x20
}

function base256(bytes: Buffer): number {
  const negative = ((bytes[0] ?? 0) & 0x40) !== 0
  let value = BigInt((bytes[0] ?? 0) & 0x7f)
  for (const byte of bytes.subarray(1)) value = (value << 8n) | BigInt(byte)
  if (negative) value -= 1n << BigInt(bytes.length * 8 - 1)
  const result = Number(value)
  if (!Number.isSafeInteger(result)) throw bad('a number that is too large')
  return result
}

/** Up to the first NUL. Nearly all names are ASCII, which costs one call. */
function field(block: Buffer, at: number, width: number): string {
  let end = at
  let high = 0
  for (; end < at + width; end += 1) {
    const byte = block[end] as number
    if (byte === 0) break
    high |= byte
  }
  return high < 0x80 ? block.toString('latin1', at, end) : decodePath(block.subarray(at, end))
}

function bad(what: string): Fault {
  return new Fault('TAR_INVALID', `the archive is invalid: ${what}`, { kind: 'invalid' })
}
