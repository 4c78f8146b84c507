import { createCipheriv } from 'node:crypto'
import { readdirSync, rmSync, truncateSync, utimesSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { expect, onTestFinished, test } from 'vitest'
import {
  append,
  digestOf,
  type MemoryRegistry,
  serve,
  startMemoryRegistry,
} from '../../test/support/memory-registry.ts'
import { configOf } from '../../test/support/served-image.ts'
import { tempStore } from '../../test/support/temp-store.ts'
import { silent } from '../base/index.ts'
import type { StoredImage } from '../build/index.ts'
import type { Store } from '../store/index.ts'
import { pushImage } from './index.ts'

/** 40 MB that cannot be made smaller: several pieces. */
const noise = createCipheriv('aes-128-ctr', Buffer.alloc(16), Buffer.alloc(16)).update(
  Buffer.alloc(40_000_000),
)

/** Nothing to gain: no time is lost with trying. */
const compression = { algorithm: 'gzip', level: 0 } as const

type World = {
  readonly registry: MemoryRegistry
  readonly store: Store
  readonly image: StoredImage
  push(signal?: AbortSignal): Promise<unknown>
}

/** An image whose one layer has not been compressed yet. */
async function world(): Promise<World> {
  const registry = await startMemoryRegistry()
  onTestFinished(() => registry.close())
  const store = tempStore()
  const draft = store.draftLayer()
  writeFileSync(join(draft.upper, 'noise'), noise)
  utimesSync(join(draft.upper, 'noise'), 1, 1)
  const { rootfs: _, ...config } = configOf([])
  const image = await store.commitImage(config, [draft.publish().id], {})
  const push: World['push'] = (signal) =>
    pushImage(`${registry.host}/x`, image, { store, emit: silent, signal, compression })
  return { registry, store, image, push }
}

const pieces = ({ registry }: World): readonly string[] =>
  registry.seen.flatMap(({ method, headers }) =>
    method === 'PATCH' ? [headers['content-range'] ?? ''] : [],
  )

/** Every blob is what it is called, and the image names them. */
function expectWhole({ registry }: World): void {
  expect(registry.blobs.size).toBe(2)
  for (const [digest, blob] of registry.blobs) expect(digestOf(blob)).toBe(digest)
  expect(registry.manifests.has('latest')).toBe(true)
}

const blobsOf = (store: Store): number => readdirSync(join(store.root, 'blobs/sha256')).length

test('a layer is on its way before it is compressed to its end', async () => {
  const here = await world()
  const blobs: number[] = []
  here.registry.spoil = ({ method }) => {
    if (method === 'PATCH') blobs.push(blobsOf(here.store))
    return false
  }
  await here.push()
  expectWhole(here)
  // Only the configuration: the archive is no blob of the store yet.
  expect(blobs[0]).toBe(1)
  expect(pieces(here).length).toBeGreaterThan(1)
  expect(await here.store.fsck({})).toEqual([])
})

test('a registry that takes no pieces gets it whole', async () => {
  const here = await world()
  here.registry.spoil = ({ method }, request, response) => {
    if (method !== 'PATCH') return false
    request.resume()
    response.writeHead(405).end()
    return true
  }
  await here.push()
  expectWhole(here)
  expect(pieces(here).length).toBe(1)
})

test.each([0, 1])('cut in piece %i, it goes on where the registry says', async (wanted) => {
  const here = await world()
  const { registry } = here
  let count = 0
  registry.spoil = ({ method, url }, request, response) => {
    if (method !== 'PATCH' || count++ !== wanted) return false
    const id = /uploads\/([^?]+)/.exec(url)?.[1] ?? ''
    void append(registry, id, request, 3_000_000).then(() => response.destroy())
    return true
  }
  await here.push()
  expectWhole(here)
  const asked = registry.seen.filter(
    ({ method, url }) => method === 'GET' && url.includes('/uploads/'),
  )
  expect(asked.length).toBe(1)
})

test('forgotten in the middle, it begins again', async () => {
  const here = await world()
  let count = 0
  here.registry.spoil = ({ method }, request, response) => {
    if (method !== 'PATCH' || count++ !== 1) return false
    request.resume()
    response.writeHead(404).end()
    return true
  }
  await here.push()
  expectWhole(here)
  expect(pieces(here).filter((range) => range.startsWith('0-')).length).toBe(2)
})

test('what the registry turns out to have is not sent to its end', async () => {
  const first = await world()
  await first.push()
  const here = await world()
  const { registry, store } = here
  for (const [digest, blob] of first.registry.blobs) registry.blobs.set(digest, blob)
  registry.spoil = (asked, request, response) => {
    if (asked.method !== 'PATCH') return false
    void (async () => {
      while (blobsOf(store) < 2) await sleep(20)
      await serve(registry, asked, request, response)
    })()
    return true
  }
  await here.push()
  expectWhole(here)
  expect(pieces(here).length).toBe(1)
  expect(registry.seen.some(({ method }) => method === 'DELETE')).toBe(true)
  expect(registry.seen.some(({ method, url }) => method === 'PUT' && url.includes('/blobs/'))).toBe(
    false,
  )
})

test('a layer that cannot be read to its end is not pushed, and nothing stays', async () => {
  const here = await world()
  const { registry, store, image } = here
  const [file = ''] = image.layers.map((id) => join(store.layerPath(id), 'noise'))
  registry.spoil = ({ method }) => {
    if (method === 'POST') truncateSync(file, 1000)
    return false
  }
  await expect(here.push()).rejects.toMatchObject({ code: 'LAYER_CHANGED' })
  expect(registry.manifests.size).toBe(0)
  expect(registry.blobs.size).toBe(0)
  expect(readdirSync(join(store.root, 'tmp'))).toEqual([])
  rmSync(file)
})

test('aborted while it grows, nothing goes on and nothing stays', async () => {
  const here = await world()
  const { registry, store } = here
  const stop = new AbortController()
  registry.spoil = ({ method }) => {
    if (method === 'PATCH') stop.abort(new Error('stop'))
    return false
  }
  await expect(here.push(stop.signal)).rejects.toThrow('stop')
  expect(registry.manifests.size).toBe(0)
  expect(blobsOf(store)).toBe(1)
  expect(readdirSync(join(store.root, 'tmp'))).toEqual([])
})
