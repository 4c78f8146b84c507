/** Builds and reads the types of the SSH protocol (RFC 4251 §5). Lengths are 32 bits, big endian. */

export function uint32(value: number): Buffer {
  const bytes = Buffer.alloc(4)
  bytes.writeUInt32BE(value)
  return bytes
}

/** `string`: bytes with their length before them. */
export function string(value: Uint8Array | string): Buffer {
  const bytes = Buffer.from(value as Uint8Array)
  return Buffer.concat([uint32(bytes.length), bytes])
}

/** `mpint` of an unsigned number. */
export function mpint(value: Uint8Array): Buffer {
  let start = 0
  while (start < value.length && value[start] === 0) start += 1
  const bytes = value.subarray(start)
  const signed = (bytes[0] ?? 0) & 0x80
  return string(signed ? Buffer.concat([Buffer.alloc(1), bytes]) : bytes)
}

export type Reader = {
  uint32(): number
  string(): Buffer
  take(length: number): Buffer
  readonly left: () => number
}

/** @throws RangeError when there is less than is asked for */
export function reader(bytes: Buffer): Reader {
  let at = 0
  const take = (length: number): Buffer => {
    if (length < 0 || at + length > bytes.length) throw new RangeError('the message is too short')
    at += length
    return bytes.subarray(at - length, at)
  }
  const number = (): number => take(4).readUInt32BE()
  return { take, uint32: number, string: () => take(number()), left: () => bytes.length - at }
}
