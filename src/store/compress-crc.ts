/** CRC-32 of RFC 1952 §8: bits reversed, x^0 is the highest. */
const polynomial = 0xedb88320
const one = 0x80000000
/** x^8: one byte further. */
const byte = 0x00800000

/** The CRC-32 of two texts one after the other, from that of each and the bytes of the second. */
export function joinCrc32(first: number, second: number, secondLength: number): number {
  return (multiply(shiftOf(secondLength), first) ^ second) >>> 0
}

const shifts = new Map<number, number>()

/** x^(8·count) modulo the polynomial. Blocks have few lengths, so each is remembered. */
function shiftOf(count: number): number {
  const known = shifts.get(count)
  if (known !== undefined) return known
  let result = one
  let power = byte
  for (let left = count; left > 0; left = Math.floor(left / 2)) {
    if (left % 2 === 1) result = multiply(result, power)
    power = multiply(power, power)
  }
  if (shifts.size < 16) shifts.set(count, result)
  return result
}

/** The product of two polynomials over GF(2) modulo the CRC's. */
function multiply(a: number, b: number): number {
  let product = 0
  let term = b
  for (let bit = one; bit !== 0; bit >>>= 1) {
    if ((a & bit) !== 0) product ^= term
    term = (term & 1) === 1 ? (term >>> 1) ^ polynomial : term >>> 1
  }
  return product >>> 0
}
