import {
  chmodSync,
  linkSync,
  mkdirSync,
  mkdtempSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { canonicalJson, silent } from '../base/index.ts'
import { sha256 } from '../image/index.ts'
import { openStore, type Store } from './index.ts'

let root: string
let store: Store
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'jettison-store-'))
  store = openStore(root)
})
afterEach(() => {
  rmSync(root, { recursive: true, force: true })
})

const now = '2026-01-02T03:04:05Z'
const config = {
  architecture: 'amd64',
  os: 'linux',
  created: now,
  config: {},
  history: [],
} as const

async function bytesOf(stream: AsyncIterable<Uint8Array>): Promise<Buffer> {
  const chunks: Uint8Array[] = []
  for await (const chunk of stream) chunks.push(Uint8Array.from(chunk))
  return Buffer.concat(chunks)
}

test('a draft becomes a layer, a step and an image that a second opening sees', async () => {
  const draft = store.draftLayer()
  mkdirSync(join(draft.upper, 'usr/bin'), { recursive: true })
  writeFileSync(join(draft.upper, 'usr/bin/tool'), 'twelve bytes')
  linkSync(join(draft.upper, 'usr/bin/tool'), join(draft.upper, 'usr/bin/same'))
  chmodSync(join(draft.upper, 'usr/bin/tool'), 0o4755)
  symlinkSync('usr/bin', join(draft.upper, 'bin'))
  const layer = draft.publish()
  expect(layer.size).toBe('twelve bytes'.length)
  const preimage = { step: 'x' }
  const key = sha256(canonicalJson(preimage))
  const record = { layer: layer.id, chain: key, created: now }
  store.putStep(key, record, preimage)
  const image = await store.commitImage(config, [layer.id], {})
  store.tag('app:1', image.id)

  const again = openStore(root)
  expect(again.findStep(key)).toEqual(record)
  expect(again.findImage('app:1')).toEqual(image)
  expect(again.findImage(image.id.slice(7, 19))?.id).toBe(image.id)
  expect(image.config.rootfs.diff_ids).toEqual([
    sha256(await bytesOf(again.packLayer(layer.id, {}))),
  ])
  expect(again.images().map(({ tags, size }) => ({ tags, size }))).toEqual([
    { tags: ['app:1'], size: layer.size },
  ])
  const tree = again.tree(image.layers)
  expect([...tree.walk()].map(({ path }) => path)).toEqual([
    '/',
    '/bin',
    '/usr',
    '/usr/bin',
    '/usr/bin/same',
    '/usr/bin/tool',
  ])
  expect(tree.lookup('/usr/bin/tool')?.mode).toBe(0o4755)
  expect(Buffer.from(tree.read('/usr/bin/same')).toString()).toBe('twelve bytes')
  expect(await again.fsck({})).toEqual([])
})

test('save and load give the same image in another store', async () => {
  const draft = store.draftLayer()
  writeFileSync(join(draft.upper, 'a'), 'a')
  const image = await store.commitImage(config, [draft.publish().id], {})
  store.tag('app:1', image.id)
  const other = openStore(join(root, 'other'))
  const loaded = await other.load(store.save(['app:1'], { emit: silent }), { emit: silent })
  expect(loaded).toEqual(['app:1'])
  expect(other.findImage('app:1')?.id).toBe(image.id)
  expect(await other.fsck({})).toEqual([])
  expect(statSync(join(root, 'other')).mode & 0o077).toBe(0)
})
