import { closeSync, fstatSync, openSync, readSync, writeSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'

/** One piece of output as the container wrote it. */
export type LogChunk = {
  readonly stream: 'stdout' | 'stderr'
  /** When it was written, RFC 3339. */
  readonly time: string
  readonly bytes: Uint8Array
}

const pollMs = 100
/** As `logWriter` writes one; an unfinished line before it does not hide it. */
const wholeLine = /\{"time":"([^"]*)","stream":"(stdout|stderr)","data":"([A-Za-z0-9+/=]*)"\}$/
const blockBytes = 64 * 1024

/** Appends to a container's log: one JSON line for each piece, bytes in base64, so that nothing is lost or mixed up. */
export function logWriter(path: string): {
  readonly write: (stream: 'stdout' | 'stderr', bytes: Uint8Array) => void
  readonly close: () => void
} {
  const file = openSync(path, 'a')
  return {
    write: (stream, bytes) => {
      const data = Buffer.from(bytes).toString('base64')
      const line = `${JSON.stringify({ time: new Date().toISOString(), stream, data })}\n`
      const whole = Buffer.from(line)
      for (let at = 0; at < whole.length; ) at += writeSync(file, whole, at)
    },
    close: () => closeSync(file),
  }
}

/** Reads a log to its end, and on while `ended` says that more may come. */
export async function* readLog(
  path: string,
  follow: { readonly ended: () => boolean; readonly signal?: AbortSignal | undefined },
): AsyncGenerator<LogChunk, void, undefined> {
  const file = openSync(path, 'r')
  try {
    let at = 0
    let pending = Buffer.alloc(0)
    for (;;) {
      // Asked before reading: what was written before the end is read after it.
      const last = follow.ended()
      while (at < fstatSync(file).size) {
        const block = Buffer.alloc(blockBytes)
        const got = readSync(file, block, 0, blockBytes, at)
        at += got
        pending = Buffer.concat([pending, block.subarray(0, got)])
        const { chunks, rest } = takeLines(pending)
        pending = rest
        yield* chunks
      }
      if (last) return
      await sleep(pollMs, undefined, { signal: follow.signal })
    }
  } finally {
    closeSync(file)
  }
}

function takeLines(bytes: Buffer): {
  readonly chunks: LogChunk[]
  readonly rest: Buffer<ArrayBuffer>
} {
  const end = bytes.lastIndexOf(0x0a)
  const lines = end < 0 ? [] : bytes.subarray(0, end).toString('utf8').split('\n')
  return { chunks: lines.flatMap(parseLine), rest: Buffer.from(bytes.subarray(end + 1)) }
}

/** Nothing for a line that a full disk or a killed writer left unfinished: what was written after it still counts. */
function parseLine(line: string): readonly LogChunk[] {
  const [, time, stream, data] = wholeLine.exec(line) ?? []
  if (time === undefined || data === undefined) return []
  return [
    {
      time,
      stream: stream === 'stderr' ? 'stderr' : 'stdout',
      bytes: Buffer.from(data, 'base64'),
    },
  ]
}
