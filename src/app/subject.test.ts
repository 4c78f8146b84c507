import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { tempStore } from '../../test/support/temp-store.ts'
import { silent } from '../base/index.ts'
import type { LayerId, StoredImage } from '../build/index.ts'
import type { Store } from '../store/index.ts'
import { countBaseLayers } from './subject.ts'

/** An image with one small layer more than the one below. */
async function built(store: Store, name: string, below: readonly LayerId[]): Promise<StoredImage> {
  const draft = store.draftLayer()
  mkdirSync(join(draft.upper, 'srv'))
  writeFileSync(join(draft.upper, 'srv', name), name)
  const layers = [...below, draft.publish().id]
  const config = { architecture: 'amd64', os: 'linux', config: {}, history: [] } as const
  const image = await store.commitImage(config, layers, {})
  store.tag(`${name}:1`, image.id)
  return image
}

/** Through an OCI archive into another store, as it comes from elsewhere. */
async function moved(from: Store, to: Store, name: string): Promise<StoredImage> {
  await to.load(from.save([name], { emit: silent, form: 'oci' }), { emit: silent })
  const image = to.findImage(name)
  if (!image) throw new Error(`${name} did not arrive`)
  return image
}

test('an image that was saved or pushed is no base; one that was loaded is', async () => {
  const [elsewhere, store] = [tempStore(), tempStore()]
  await built(elsewhere, 'base', [])
  const base = await moved(elsewhere, store, 'base:1')
  const stage = await built(store, 'stage', base.layers)
  const app = await built(store, 'app', stage.layers)
  expect(countBaseLayers({ store }, app, undefined)).toBe(1)
  for await (const _ of store.save(['stage:1'], { emit: silent }));
  expect(store.findImage('stage:1')?.manifest).not.toBeNull()
  expect(countBaseLayers({ store }, app, undefined)).toBe(1)
})
