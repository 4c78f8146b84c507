import { type ChildProcessByStdio, spawn } from 'node:child_process'
import { pipeline, Readable, type Transform, type Writable } from 'node:stream'
import * as zlib from 'node:zlib'
import { type ByteStream, Fault } from '../base/index.ts'
import { zstdFrames } from './zstd-frames.ts'
import { unzstdInScript } from './zstd-script.ts'

export type Compression = 'none' | 'gzip' | 'zstd'

/** Undoes gzip or zstd, told by the first bytes and not by a media type: archives of old tools lie or say nothing. */
export async function* decompress(source: ByteStream): ByteStream {
  const iterator = source[Symbol.asyncIterator]()
  try {
    const head: Uint8Array[] = []
    let length = 0
    while (length < 4) {
      const next = await iterator.next()
      if (next.done) break
      head.push(next.value)
      length += next.value.length
    }
    const start = Buffer.concat(head)
    const whole = rest(start, iterator)
    const compression = sniff(start)
    if (compression === 'none') yield* whole
    else if (compression === 'gzip')
      yield* through(whole, zlib.createGunzip({ chunkSize: 1 << 18 }))
    else yield* unzstd(whole)
  } finally {
    await iterator.return?.()
  }
}

export function sniff(head: Uint8Array): Compression {
  if (head[0] === 0x1f && head[1] === 0x8b) return 'gzip'
  if (head[0] === 0x28 && head[1] === 0xb5 && head[2] === 0x2f && head[3] === 0xfd) return 'zstd'
  return 'none'
}

async function* rest(head: Uint8Array, iterator: AsyncIterator<Uint8Array>): ByteStream {
  if (head.length > 0) yield head
  for (let next = await iterator.next(); !next.done; next = await iterator.next()) yield next.value
}

async function* through(source: ByteStream, transform: Transform): ByteStream {
  const input = Readable.from(source, { objectMode: false, highWaterMark: 1 << 20 })
  // The error, if any, also ends the loop below; the callback only keeps it from being unhandled.
  pipeline(input, transform, () => {})
  try {
    for await (const chunk of transform) yield chunk as Uint8Array
  } catch (error) {
    if (error instanceof Error && 'code' in error && /^Z(?:_|STD_)/.test(String(error.code)))
      throw corrupt(error)
    throw error
  } finally {
    transform.destroy()
    input.destroy()
  }
}

/** Node has zstd from 22.15 and 23.8 on; before that the program does it, or slowly a decoder in JavaScript. */
async function* unzstd(source: ByteStream): ByteStream {
  const make = (zlib as { createZstdDecompress?: () => Transform }).createZstdDecompress
  const child = make ? null : await startZstd()
  if (make) for await (const frame of zstdFrames(source)) yield* through(frame, make())
  else if (child) yield* throughProgram(source, child)
  else yield* unzstdInScript(source)
}

/** @returns null when there is no such program */
async function startZstd(): Promise<ChildProcessByStdio<Writable, Readable, null> | null> {
  const child = spawn('zstd', ['-dcq'], { stdio: ['pipe', 'pipe', 'ignore'] })
  return await new Promise((resolve) => {
    child.once('spawn', () => resolve(child)).once('error', () => resolve(null))
  })
}

async function* throughProgram(
  source: ByteStream,
  child: ChildProcessByStdio<Writable, Readable, null>,
): ByteStream {
  const ended = new Promise<number>((settle) => {
    child.once('close', (code) => settle(code ?? 1))
  })
  const input = Readable.from(source, { objectMode: false })
  let failed: unknown
  pipeline(input, child.stdin, (error) => {
    failed = error ?? undefined
  })
  try {
    for await (const chunk of child.stdout) yield chunk as Uint8Array
    if ((await ended) !== 0) throw failed instanceof Fault ? failed : corrupt(failed)
  } finally {
    input.destroy()
    child.kill()
  }
}

function corrupt(cause: unknown): Fault {
  return new Fault('ARCHIVE_CORRUPT', 'the compressed archive is damaged', {
    kind: 'invalid',
    cause,
  })
}
