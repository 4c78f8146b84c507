import type { ByteStream } from '../../base/index.ts'

/** Takes exact byte counts out of a stream of chunks; memory is one chunk plus what was asked for. */
export type ByteReader = {
  /** `n` bytes when they are buffered already: the caller saves a turn of the event loop. */
  takeNow(n: number): Buffer | undefined
  /** Exactly `n` bytes, fewer at the end of the stream. */
  take(n: number): Promise<Buffer>
  /** Between 1 and `max` bytes without copying, undefined at the end of the stream. */
  takeSome(max: number): Promise<Buffer | undefined>
  /** Bytes taken or passed over so far. */
  position(): number
  /** Reads to the end and throws the bytes away. */
  drain(): Promise<void>
  close(): Promise<void>
}

export function byteReader(source: ByteStream): ByteReader {
  const iterator = source[Symbol.asyncIterator]()
  let buffer: Buffer = Buffer.alloc(0)
  let ended = false
  let taken = 0

  const more = async (): Promise<boolean> => {
    if (ended) return false
    const next = await iterator.next()
    if (next.done) {
      ended = true
      return false
    }
    const chunk = next.value
    const bytes = Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength)
    buffer = buffer.length === 0 ? bytes : Buffer.concat([buffer, bytes])
    return true
  }
  const cut = (n: number): Buffer => {
    const bytes = buffer.subarray(0, n)
    buffer = buffer.subarray(n)
    taken += bytes.length
    return bytes
  }
  return {
    position: () => taken,
    takeNow: (n) => (buffer.length >= n ? cut(n) : undefined),
    take: async (n) => {
      while (buffer.length < n && (await more())) {}
      return cut(Math.min(n, buffer.length))
    },
    takeSome: async (max) => {
      while (buffer.length === 0) if (!(await more())) return undefined
      return cut(Math.min(max, buffer.length))
    },
    drain: async () => {
      buffer = Buffer.alloc(0)
      while (await more()) buffer = Buffer.alloc(0)
    },
    close: async () => {
      ended = true
      await iterator.return?.()
    },
  }
}

/** Bytes that can be read anywhere, such as a part of a file. */
export type ByteSource = {
  readonly size: number
  /** Up to `length` bytes from `offset`, fewer at the end. */
  readAt(offset: number, length: number): Uint8Array
  /** The same into bytes that are there already. @returns how many came */
  readonly readInto?: (target: Uint8Array, offset: number) => number
}

/** Takes bytes from wherever it stands, at once. */
export type SeekingReader = {
  /** Exactly `n` bytes, fewer at the end of the source. */
  take(n: number): Buffer
  /** Bytes taken or passed over so far. */
  position(): number
  /** Passes over bytes without reading them. @returns false when there are fewer */
  skip(n: number): boolean
}

/** Small files lie close together: their headers come with one read, and a large one's body costs none. */
const ahead = 1 << 15

/**
 * A reader over such bytes that passes over bodies without reading them: headers are all that it touches. What it gives
 * is good until it is asked again: all of an archive goes through one buffer.
 */
export function seekingReader(source: ByteSource): SeekingReader {
  let at = 0
  let window: Buffer = Buffer.alloc(0)
  let windowAt = 0
  const buffer = source.readInto ? Buffer.allocUnsafe(ahead) : undefined
  const fill = (length: number): Buffer => {
    const wanted = Math.min(Math.max(length, ahead), source.size - at)
    if (source.readInto && buffer && wanted <= ahead)
      return buffer.subarray(0, source.readInto(buffer.subarray(0, wanted), at))
    const bytes = source.readAt(at, wanted)
    return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  }
  return {
    position: () => at,
    take: (n) => {
      const length = Math.min(n, source.size - at)
      let inside = at - windowAt
      if (inside < 0 || inside + length > window.length) {
        window = fill(length)
        windowAt = at
        inside = 0
      }
      const bytes = window.subarray(inside, inside + length)
      at += bytes.length
      return bytes
    },
    skip: (n) => {
      const left = source.size - at
      at += Math.min(n, left)
      return n <= left
    },
  }
}
