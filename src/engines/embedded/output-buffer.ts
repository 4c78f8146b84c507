/** An app that talks without end must not fill our memory: the middle is dropped, begin and end are kept. */
const maxBytes = 8 * 1024 * 1024

type Chunk = { readonly stream: 'stdout' | 'stderr'; readonly bytes: Uint8Array }

/** Keeps what a container wrote, in order; decoded as UTF-8 when asked for. */
export function outputBuffer(): {
  readonly add: (stream: 'stdout' | 'stderr', bytes: Uint8Array) => void
  readonly stdout: () => string
  readonly stderr: () => string
  readonly text: () => string
} {
  const head: Chunk[] = []
  const tail: Chunk[] = []
  let headBytes = 0
  let tailBytes = 0
  let dropped = 0
  const add = (stream: Chunk['stream'], bytes: Uint8Array): void => {
    if (headBytes + bytes.length <= maxBytes / 2) {
      head.push({ stream, bytes })
      headBytes += bytes.length
      return
    }
    tail.push({ stream, bytes })
    tailBytes += bytes.length
    while (tailBytes > maxBytes / 2) {
      const first = tail.shift()
      tailBytes -= first?.bytes.length ?? tailBytes
      dropped += first?.bytes.length ?? 0
    }
  }
  const join = (wanted: (chunk: Chunk) => boolean): string => {
    const decode = (chunks: readonly Chunk[]): string =>
      Buffer.concat(chunks.filter(wanted).map(({ bytes }) => bytes)).toString('utf8')
    const gap = dropped > 0 ? `\n[… ${dropped} bytes left out …]\n` : ''
    return decode(head) + gap + decode(tail)
  }
  return {
    add,
    stdout: () => join(({ stream }) => stream === 'stdout'),
    stderr: () => join(({ stream }) => stream === 'stderr'),
    text: () => join(() => true),
  }
}
