/**
 * Paths are strings here, but Linux paths are bytes. A byte that is no valid UTF-8 becomes the lone surrogate
 * U+DC00 + byte (Python's surrogateescape), so that every path survives the round trip.
 */
export function decodePath(bytes: Uint8Array): string {
  const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const plain = text.toString('utf8')
  return plain.includes('\ufffd') && !Buffer.from(plain, 'utf8').equals(text)
    ? escapeInvalid(text)
    : plain
}

/** The bytes of a path made by `decodePath`. */
export function encodePath(path: string): Buffer {
  if (!hasEscapes(path)) return Buffer.from(path, 'utf8')
  const parts: Buffer[] = []
  for (const char of path) {
    const code = char.codePointAt(0) ?? 0
    parts.push(isEscape(code) ? Buffer.from([code - 0xdc00]) : Buffer.from(char, 'utf8'))
  }
  return Buffer.concat(parts)
}

/** What node:fs takes: the string itself, or bytes when the string holds escaped bytes. */
export function diskPath(path: string): string | Buffer {
  return hasEscapes(path) ? encodePath(path) : path
}

/** Decodes a name that was read with the `latin1` encoding, the cheapest one that loses nothing. */
export function decodeLatin1Name(name: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: the class is "not ASCII"
  return /[^\x00-\x7f]/.test(name) ? decodePath(Buffer.from(name, 'latin1')) : name
}

const lowSurrogate = /[\udc80-\udcff]/

function hasEscapes(path: string): boolean {
  return lowSurrogate.test(path) && [...path].some((c) => isEscape(c.codePointAt(0) ?? 0))
}

function isEscape(code: number): boolean {
  return code >= 0xdc80 && code <= 0xdcff
}

/** Longest valid sequences are kept; each byte outside of one is escaped. */
function escapeInvalid(bytes: Buffer): string {
  let out = ''
  let at = 0
  while (at < bytes.length) {
    const length = validSequence(bytes, at)
    out +=
      length > 0
        ? bytes.toString('utf8', at, at + length)
        : String.fromCharCode(0xdc00 + (bytes[at] ?? 0))
    at += Math.max(1, length)
  }
  return out
}

/** Length of the valid UTF-8 sequence at an offset, 0 when there is none. */
function validSequence(bytes: Buffer, at: number): number {
  const first = bytes[at] ?? 0
  const length = first < 0x80 ? 1 : first < 0xc2 ? 0 : first < 0xe0 ? 2 : first < 0xf0 ? 3 : 4
  if (length === 0 || first > 0xf4 || at + length > bytes.length) return 0
  const slice = bytes.subarray(at, at + length)
  return Buffer.from(slice.toString('utf8'), 'utf8').equals(slice) ? length : 0
}

/** The order of names everywhere in a tree or an archive: that of JavaScript's strings, whatever the locale. */
export function byCodeUnit(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}
