import { execFile, spawn } from 'node:child_process'
import { pipeline, Readable } from 'node:stream'
import { promisify } from 'node:util'
import * as zlib from 'node:zlib'
import { type ByteStream, Fault } from '../base/index.ts'
import { compressBlocks } from './compress-blocks.ts'
import { joinCrc32 } from './compress-crc.ts'

/** How a layer is compressed; `level` as the algorithm counts: gzip 0–9, zstd 1–22. */
export type Packing = { readonly algorithm: 'gzip' | 'zstd'; readonly level: number }

const gzipBlock = 1 << 20
const zstdBlock = 1 << 22

/**
 * Name of the code that compresses: equal input, level and encoder give equal bytes, on any number of cores.
 * @throws Fault ZSTD_WRITE_UNSUPPORTED
 */
export async function encoderOf({ algorithm }: Packing): Promise<string> {
  if (algorithm === 'gzip') return `gzip-2 zlib ${process.versions.zlib}`
  if (nodeWritesZstd()) return `zstd-1 node ${process.versions['zstd'] ?? process.version}`
  try {
    const { stdout } = await promisify(execFile)('zstd', ['--version'])
    return `zstd-1 program ${/v?(\d+\.\d+\.\d+)/.exec(stdout)?.[1] ?? stdout.trim()}`
  } catch (cause) {
    throw unsupported(cause)
  }
}

/** The compressed stream. A chunk of `source` is read before the next one is asked for. @throws Fault ZSTD_WRITE_UNSUPPORTED, COMPRESSION_FAILED */
export function compress(
  source: ByteStream,
  packing: Packing,
  signal: AbortSignal | undefined,
): ByteStream {
  if (packing.algorithm === 'gzip') return gzip(source, packing.level, signal)
  return nodeWritesZstd()
    ? zstd(source, packing as Zstd, signal)
    : zstdProgram(source, packing.level, signal)
}

type Zstd = Packing & { readonly algorithm: 'zstd' }

/** From 22.15 and 23.8 on. */
export function nodeWritesZstd(): boolean {
  return 'zstdCompressSync' in zlib
}

/** One member (RFC 1952) without name or time, as every reader understands it, of blocks that were made on their own. */
async function* gzip(source: ByteStream, level: number, signal?: AbortSignal): ByteStream {
  let sum = 0
  let size = 0
  yield Uint8Array.of(0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 255)
  const job = { algorithm: 'deflate', level } as const
  for await (const block of compressBlocks(source, { job, blockSize: gzipBlock, signal })) {
    sum = joinCrc32(sum, block.sum, block.size)
    size += block.size
    yield block.bytes
  }
  const end = Buffer.alloc(10)
  // An empty last block.
  end[0] = 3
  end.writeUInt32LE(sum, 2)
  end.writeUInt32LE(size % 2 ** 32, 6)
  yield end
}

/** Frames one after the other, which every reader takes for one stream. */
async function* zstd(source: ByteStream, job: Zstd, signal?: AbortSignal): ByteStream {
  for await (const { bytes } of compressBlocks(source, { job, blockSize: zstdBlock, signal }))
    yield bytes
}

/** With `-T` the jobs are cut by size, so their number and not their bytes depend on the cores. */
async function* zstdProgram(source: ByteStream, level: number, signal?: AbortSignal): ByteStream {
  const options = ['-q', '-c', '-T0', ...(level > 19 ? ['--ultra'] : []), `-${level}`]
  const child = spawn('zstd', options, { stdio: ['pipe', 'pipe', 'ignore'] })
  const ended = new Promise<number | Error>((settle) => {
    child.once('error', settle)
    child.once('close', (code) => settle(code ?? 1))
  })
  const input = Readable.from(copied(source), { objectMode: false })
  let failed: unknown
  pipeline(input, child.stdin, (error) => {
    failed = error ?? undefined
  })
  try {
    for await (const chunk of child.stdout) {
      signal?.throwIfAborted()
      yield chunk as Uint8Array
    }
    const end = await ended
    if (end instanceof Error) throw unsupported(end)
    if (failed !== undefined) throw failed
    if (end !== 0)
      throw new Fault('COMPRESSION_FAILED', `the program zstd ended with ${end}`, {
        hint: 'choose --compression gzip',
      })
  } finally {
    input.destroy()
    child.kill()
  }
}

/** A pipe reads ahead; the chunks are valid until the next one only. */
async function* copied(source: ByteStream): ByteStream {
  for await (const chunk of source) yield Buffer.from(chunk)
}

function unsupported(cause: unknown): Fault {
  return new Fault('ZSTD_WRITE_UNSUPPORTED', 'nothing here can write zstd', {
    kind: 'invalid',
    hint: 'use Node 22.15 or newer, or install the program zstd, or choose --compression gzip',
    cause,
  })
}
