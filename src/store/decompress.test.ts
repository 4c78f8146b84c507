import { execFileSync } from 'node:child_process'
import { gzipSync } from 'node:zlib'
import { expect, test } from 'vitest'
import { collect, inPieces, tarOf, tempStore } from '../../test/support/temp-store.ts'
import { sha256 } from '../image/index.ts'
import { decompress } from './decompress.ts'
import { zstdFrames } from './zstd-frames.ts'
import { unzstdInScript } from './zstd-script.ts'

const text = Buffer.from('some text that repeats itself\n'.repeat(50_000))
const zstd = (bytes: Buffer): Buffer =>
  execFileSync('zstd', ['-c'], { input: bytes, maxBuffer: 1 << 28 })

test.each<[string, Buffer]>([
  ['nothing', text],
  ['gzip', gzipSync(text)],
  [
    'gzip in several members, as estargz and pigz write',
    Buffer.concat([gzipSync(text.subarray(0, 777)), gzipSync(text.subarray(777))]),
  ],
  ['zstd', zstd(text)],
  [
    'zstd in several frames',
    Buffer.concat([zstd(text.subarray(0, 777)), zstd(text.subarray(777))]),
  ],
])('undoes %s, whatever the pieces', async (_, bytes) => {
  for (const size of [1000, 65_536, bytes.length])
    expect(sha256(await collect(decompress(inPieces(bytes, size))))).toBe(sha256(text))
})

test('a zstd stream is cut where its frames end', async () => {
  const parts = [
    zstd(text),
    zstd(Buffer.alloc(300_000)),
    zstd(Buffer.from('x')),
    zstd(Buffer.alloc(0)),
  ]
  const skippable = Buffer.from([0x53, 0x2a, 0x4d, 0x18, 5, 0, 0, 0, 1, 2, 3, 4, 5])
  const whole = Buffer.concat(parts.flatMap((part) => [part, skippable]))
  for (const size of [1, 1000, whole.length]) {
    const found: Buffer[] = []
    for await (const frame of zstdFrames(inPieces(whole, size))) found.push(await collect(frame))
    expect(found).toEqual(parts)
  }
  const garbage = zstdFrames(inPieces(Buffer.concat([parts[2] ?? text, Buffer.from('garbage')])))
  const read = async (): Promise<void> => {
    for await (const frame of garbage) await collect(frame)
  }
  await expect(read()).rejects.toMatchObject({ code: 'ARCHIVE_CORRUPT' })
})

test('short streams pass', async () => {
  for (const bytes of ['', 'a', 'abc'])
    expect((await collect(decompress(inPieces(Buffer.from(bytes), 1)))).toString()).toBe(bytes)
})

test.each<[string, Buffer]>([
  ['gzip', gzipSync(text)],
  ['zstd', zstd(text)],
])('a cut %s stream is a fault', async (_, bytes) => {
  const cut = bytes.subarray(0, bytes.length - 5)
  await expect(collect(decompress(inPieces(cut)))).rejects.toMatchObject({
    code: 'ARCHIVE_CORRUPT',
  })
})

test.each<[string, (tar: Buffer) => Buffer]>([
  ['plain', (tar) => tar],
  ['gzip', (tar) => gzipSync(tar)],
  ['zstd', zstd],
])('a %s layer keeps its archive, and packs to the bytes of its diffID', async (_, compress) => {
  const tar = tarOf([
    { name: 'usr/', kind: 'dir' },
    { name: 'usr/a', body: text },
  ])
  const blob = compress(tar)
  const store = tempStore()
  const layer = await store.unpackLayer(inPieces(blob), {
    mediaType: 'any',
    diffId: sha256(tar),
    blob: sha256(blob),
  })
  expect(layer.size).toBe(text.length)
  expect(store.hasBlob(sha256(blob))).toBe(true)
  expect(sha256(await collect(store.packLayer(layer.id, {})))).toBe(sha256(tar))
  const again = await store.unpackLayer(inPieces(blob), { mediaType: 'any', diffId: sha256(tar) })
  expect(again.id).toBe(layer.id)
})

test('the source is closed when the reader stops or the source fails', async () => {
  let closed = 0
  async function* source(fail: boolean): AsyncGenerator<Uint8Array> {
    try {
      for (const piece of [0, 1, 2, 3])
        yield gzipSync(text).subarray(piece * 1000, piece * 1000 + 1000)
      if (fail) throw new Error('the network is gone')
      for (;;) yield Buffer.alloc(1000)
    } finally {
      closed += 1
    }
  }
  await expect(collect(decompress(source(true)))).rejects.toThrow('the network is gone')
  for await (const _ of decompress(source(false))) break
  expect(closed).toBe(2)
})

test('an aborted unpacking stops and leaves nothing', async () => {
  const store = tempStore()
  const abort = new AbortController()
  async function* endless(): AsyncGenerator<Uint8Array> {
    const tar = tarOf(
      Array.from({ length: 100 }, (_, n) => ({ name: `f${n}`, body: 'x' })),
    ).subarray(0, -1024)
    for (let round = 0; ; round++) {
      if (round === 3) abort.abort(new Error('enough'))
      yield tar
    }
  }
  await expect(
    store.unpackLayer(endless(), { mediaType: 'tar', signal: abort.signal }),
  ).rejects.toThrow('enough')
  expect(store.prune({ steps: true }).bytes).toBeGreaterThan(0)
  expect(await store.fsck({})).toEqual([])
})

test('zstd is read in JavaScript where nothing else can', async () => {
  const noise = Buffer.from(Array.from({ length: 400_000 }, (_, n) => (n * n * 31) % 251))
  for (const plain of [text, noise, Buffer.alloc(3_000_000), Buffer.from('x'), Buffer.alloc(0)])
    for (const level of ['-1', '-3', '-19']) {
      const packed = execFileSync('zstd', ['-c', level], { input: plain, maxBuffer: 1 << 28 })
      const twice = Buffer.concat([packed, packed])
      const read = await collect(unzstdInScript(inPieces(twice, 65_536)))
      expect(sha256(read)).toBe(sha256(Buffer.concat([plain, plain])))
      const cut = packed.subarray(0, packed.length - 5)
      await expect(collect(unzstdInScript(inPieces(cut, 1000)))).rejects.toMatchObject({
        code: 'ARCHIVE_CORRUPT',
      })
    }
})
