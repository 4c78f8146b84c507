import type { ByteStream } from '../../base/index.ts'

/** Takes exact byte counts out of a stream of chunks; memory is one chunk plus what was asked for. */
export type ByteReader = {
  /** `n` bytes when they are buffered already: the caller saves a turn of the event loop. */
  takeNow(n: number): Buffer | undefined
  /** Exactly `n` bytes, fewer at the end of the stream. */
  take(n: number): Promise<Buffer>
  /** Between 1 and `max` bytes without copying, undefined at the end of the stream. */
  takeSome(max: number): Promise<Buffer | undefined>
  /** Reads to the end and throws the bytes away. */
  drain(): Promise<void>
  close(): Promise<void>
}

export function byteReader(source: ByteStream): ByteReader {
  const iterator = source[Symbol.asyncIterator]()
  let buffer: Buffer = Buffer.alloc(0)
  let ended = false

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
    return bytes
  }
  return {
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
