import { execFileSync } from 'node:child_process'
import { crc32, gunzipSync } from 'node:zlib'
import { expect, test } from 'vitest'
import { collect, inPieces, tempFolder } from '../../test/support/temp-store.ts'
import type { ByteStream } from '../base/index.ts'
import { sha256 } from '../image/index.ts'
import { compress, type Packing } from './compress.ts'
import type { PackedBlock } from './compress-block.ts'
import { compressBlocks } from './compress-blocks.ts'
import { joinCrc32 } from './compress-crc.ts'
import { decompress } from './decompress.ts'

/** Neither noise nor monotony: words in an order that a seed decides. */
function prose(size: number): Buffer {
  let seed = 7
  const words = Array.from({ length: 4000 }, (_, n) => sha256(Buffer.from(`${n}`)).slice(7, 12))
  const parts: string[] = []
  for (let length = 0; length < size; length += 6) {
    seed = (seed * 1_103_515_245 + 12_345) % 2 ** 31
    parts.push(words[seed % words.length] ?? '')
  }
  return Buffer.from(parts.join(' ').slice(0, size))
}

const big = prose(12 * 1024 * 1024 + 17)

const kinds: readonly Packing[] = [
  { algorithm: 'gzip', level: 6 },
  { algorithm: 'gzip', level: 1 },
  { algorithm: 'zstd', level: 3 },
]

test.each(kinds)(
  '$algorithm at level $level comes back, on any number of cores',
  async (packing) => {
    for (const size of [0, 1, 1 << 20, (1 << 20) + 1, big.length]) {
      const bytes = big.subarray(0, size)
      const packed = await collect(compress(inPieces(bytes, 300_000), packing, undefined))
      if (size > 0)
        expect(sha256(await collect(decompress(inPieces(packed, 70_000))))).toBe(sha256(bytes))
      if (packing.algorithm === 'gzip') expect(sha256(gunzipSync(packed))).toBe(sha256(bytes))
      const again = await collect(compress(inPieces(bytes, 1 << 20), packing, undefined))
      expect(sha256(again)).toBe(sha256(packed))
    }
  },
)

test('the bytes are the same on one core and on five', async () => {
  const job = { algorithm: 'deflate', level: 6 } as const
  const [one, five] = await Promise.all(
    [1, 5].map(async (cores) =>
      sha256(
        await collect(bytesOf(compressBlocks(inPieces(big), { job, blockSize: 1 << 19, cores }))),
      ),
    ),
  )
  expect(five).toBe(one)
})

async function* bytesOf(blocks: AsyncIterable<PackedBlock>): ByteStream {
  for await (const { bytes } of blocks) yield bytes
}

test('the checksum of two texts is joined from theirs', () => {
  for (const at of [0, 1, 7, 65_536, 1 << 20, big.length]) {
    const [first, second] = [big.subarray(0, at), big.subarray(at)]
    expect(joinCrc32(crc32(first), crc32(second), second.length)).toBe(crc32(big))
  }
})

test('a chunk that is used again as soon as the next is asked for', async () => {
  async function* lent(): ByteStream {
    const buffer = Buffer.alloc(100_000)
    for await (const chunk of inPieces(big, buffer.length)) {
      buffer.set(chunk)
      yield buffer.subarray(0, chunk.length)
      buffer.fill(0)
    }
  }
  for (const packing of kinds)
    expect(sha256(await collect(decompress(compress(lent(), packing, undefined))))).toBe(
      sha256(big),
    )
})

test('gzip itself takes our gzip for one member, hardly larger than its own', async () => {
  const packed = await collect(compress(inPieces(big), { algorithm: 'gzip', level: 6 }, undefined))
  const options = { input: packed, maxBuffer: 1 << 28, cwd: tempFolder() }
  expect(sha256(execFileSync('gzip', ['-dc'], options))).toBe(sha256(big))
  const theirs = execFileSync('gzip', ['-c6'], { ...options, input: big })
  expect(packed.length).toBeLessThan(theirs.length * 1.01)
})

test('a source that fails is what the reader hears of, and the workers are gone', async () => {
  async function* failing(): AsyncGenerator<Uint8Array> {
    yield big
    await Promise.reject(new Error('the disk is gone'))
  }
  for (const packing of kinds)
    await expect(collect(compress(failing(), packing, undefined))).rejects.toThrow(
      'the disk is gone',
    )
})
