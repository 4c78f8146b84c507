import { Fault } from '../../base/index.ts'

/** Raw pax records by key; values are bytes because xattrs are binary. A later record of a key wins. */
export type PaxRecords = Map<string, Buffer>

/**
 * Parses the body of a pax header: `<length> key=value\n` repeated. An empty value deletes a key (POSIX pax).
 * @throws Fault TAR_INVALID
 */
export function parsePax(body: Buffer): PaxRecords {
  const records: PaxRecords = new Map()
  let at = 0
  while (at < body.length) {
    // Some writers pad the body with NULs.
    if (body[at] === 0) break
    const space = body.indexOf(0x20, at)
    const digits = body.toString('latin1', at, space < 0 ? at : Math.min(space, at + 12))
    const length = /^[0-9]+$/.test(digits) ? Number(digits) : 0
    const end = at + length
    if (length < 5 || end > body.length || body[end - 1] !== 0x0a) throw invalidPax()
    const equals = body.indexOf(0x3d, space + 1)
    if (equals < 0 || equals >= end) throw invalidPax()
    const key = body.toString('utf8', space + 1, equals)
    if (key === '') throw invalidPax()
    records.set(key, body.subarray(equals + 1, end - 1))
    at = end
  }
  return records
}

/** A decimal pax number, its fraction dropped towards minus infinity. @throws Fault TAR_INVALID */
export function paxNumber(value: Buffer): number {
  const text = value.toString('latin1')
  const number = Math.floor(Number(text))
  if (!/^-?[0-9]+(?:\.[0-9]*)?$/.test(text) || !Number.isSafeInteger(number)) throw invalidPax()
  return number
}

function invalidPax(): Fault {
  return new Fault('TAR_INVALID', 'the archive has a malformed pax header', { kind: 'invalid' })
}
