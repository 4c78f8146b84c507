import { Fault } from '../../base/index.ts'
import { blockSize } from './header.ts'

/** The fields of one header block, without extensions. `name` has the prefix joined. */
export type Ustar = {
  readonly name: Buffer
  readonly mode: number
  readonly uid: number
  readonly gid: number
  readonly size: number
  readonly mtime: number
  readonly type: string
  readonly link: Buffer
  readonly device: { readonly major: number; readonly minor: number }
}

const zeros = Buffer.alloc(blockSize)

export function isZero(block: Buffer): boolean {
  return block.length === blockSize && block.equals(zeros)
}

/** @throws Fault TAR_INVALID for a wrong checksum or an unreadable number */
export function parseUstar(block: Buffer): Ustar {
  verifyChecksum(block)
  const posix = block.toString('latin1', 257, 263) === 'ustar\0'
  const magic = block.toString('latin1', 257, 262) === 'ustar'
  const name = field(block, 0, 100)
  // GNU archives use the prefix field for other things.
  const prefix = posix ? field(block, 345, 155) : Buffer.alloc(0)
  const size = number(block, 124, 12)
  if (size < 0) throw bad('negative size')
  return {
    name: prefix.length > 0 ? Buffer.concat([prefix, Buffer.from('/'), name]) : name,
    mode: number(block, 100, 8),
    uid: number(block, 108, 8),
    gid: number(block, 116, 8),
    size,
    mtime: number(block, 136, 12),
    type: String.fromCharCode(block[156] ?? 0),
    link: field(block, 157, 100),
    device: magic
      ? { major: number(block, 329, 8), minor: number(block, 337, 8) }
      : { major: 0, minor: 0 },
  }
}

/** Sum of all bytes with the checksum field read as spaces; old writers summed signed bytes. */
function verifyChecksum(block: Buffer): void {
  const found = number(block, 148, 8)
  let unsigned = 0
  let signed = 0
  for (let at = 0; at < blockSize; at++) {
    const byte = at >= 148 && at < 156 ? 0x20 : (block[at] ?? 0)
    unsigned += byte
    signed += byte > 127 ? byte - 256 : byte
  }
  if (found !== unsigned && found !== signed) throw bad('wrong header checksum')
}

/** Octal digits, or base 256 when the top bit is set (GNU). */
function number(block: Buffer, at: number, width: number): number {
  const first = block[at] ?? 0
  if (first >= 0x80) return base256(block.subarray(at, at + width))
  const text = block.toString('latin1', at, at + width).replace(/^[\0 ]+|[\0 ].*$/gs, '')
  if (text === '') return 0
  if (!/^[0-7]+$/.test(text)) throw bad('a number that is not octal')
  return Number.parseInt(text, 8)
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

function field(block: Buffer, at: number, width: number): Buffer {
  const whole = block.subarray(at, at + width)
  const end = whole.indexOf(0)
  return end < 0 ? whole : whole.subarray(0, end)
}

function bad(what: string): Fault {
  return new Fault('TAR_INVALID', `the archive is invalid: ${what}`, { kind: 'invalid' })
}
