import { createHash } from 'node:crypto'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest'
import { describeFault, isFault, silent } from '../src/base/index.ts'
import type { StoredImage } from '../src/build/index.ts'
import { pullImage, pushImage, type RegistrySettings } from '../src/registry/index.ts'
import { openStore, type Store } from '../src/store/index.ts'
import { digestOf, type MemoryRegistry, startMemoryRegistry } from './support/memory-registry.ts'
import { type RegistryFault, registryFaults } from './support/registry-faults/index.ts'
import { configOf, platform } from './support/served-image.ts'

const password = 'correct-horse'
const settings: RegistrySettings = {
  credentials: () => Promise.resolve({ kind: 'password', username: 'jane', password }),
  idleMs: 1500,
  retryMs: 6000,
}

const folder = mkdtempSync(join(tmpdir(), 'jettison-faults-'))
const rows: string[] = []
let source: { readonly store: Store; readonly image: StoredImage }
let whole: MemoryRegistry

beforeAll(async () => {
  const store = openStore(join(folder, 'source'))
  source = { store, image: await makeImage(store) }
  whole = await startMemoryRegistry()
  await pushImage(`${whole.host}/x`, source.image, { store, emit: silent })
})

afterAll(async () => {
  await whole.close()
  rmSync(folder, { recursive: true, force: true })
  process.stdout.write(`\nA registry that goes wrong:\n${rows.join('\n')}\n`)
})

test.each(registryFaults)('$doing: $name', async (fault) => {
  const registry = await startMemoryRegistry()
  onTestFinished(() => registry.close())
  if (fault.doing === 'pull') {
    for (const [digest, blob] of whole.blobs) registry.blobs.set(digest, blob)
    for (const [name, manifest] of whole.manifests) registry.manifests.set(name, manifest)
  }
  registry.spoil = fault.spoil(registry)
  const outcome = await (fault.doing === 'pull' ? pulled(registry, fault) : pushed(registry, fault))
  rows.push(`  ${fault.doing}  ${fault.name.padEnd(56)} ${outcome}`)
  if (fault.asked) expect(registry.seen).toSatisfy(fault.asked)
})

/** Nothing that was not verified is in the store, whatever happened. */
async function pulled(
  registry: MemoryRegistry,
  { ends, name, ranged }: RegistryFault,
): Promise<string> {
  const rules = ranged ? { ...settings, rangesAbove: 1_000_000 } : settings
  const store = openStore(join(folder, `pull-${digestOf(Buffer.from(name)).slice(7, 19)}`))
  const attempt = pullImage(`${registry.host}/x`, {
    ...{ store, platform, emit: silent },
    settings: rules,
  })
  const outcome = await outcomeOf(attempt)
  expect(outcome).toMatch(ends)
  expect(await store.fsck({})).toEqual([])
  if (outcome === 'survived') expect(store.images().map(({ id }) => id)).toEqual([source.image.id])
  else expect(store.images()).toEqual([])
  rmSync(store.root, { recursive: true })
  return outcome
}

/** A manifest that can be seen has all of its blobs, and each is what it is called. */
async function pushed(registry: MemoryRegistry, { ends }: RegistryFault): Promise<string> {
  const { store, image } = source
  const outcome = await outcomeOf(
    pushImage(`${registry.host}/x`, image, { store, emit: silent, settings }),
  )
  expect(outcome).toMatch(ends)
  for (const [digest, blob] of registry.blobs) expect(digestOf(blob)).toBe(digest)
  if (outcome === 'survived')
    expect(new Set(registry.blobs.keys())).toEqual(new Set(whole.blobs.keys()))
  expect(registry.manifests.has('latest')).toBe(outcome === 'survived')
  return outcome
}

async function outcomeOf(attempt: Promise<unknown>): Promise<string> {
  try {
    await attempt
    return 'survived'
  } catch (error) {
    if (!isFault(error)) throw error
    const text = `${describeFault(error)} ${JSON.stringify(error)}`
    expect(text).not.toContain(password)
    expect(text).not.toContain(Buffer.from(`jane:${password}`).toString('base64'))
    return error.code
  }
}

/** A small layer and one of 20 MB that cannot be made smaller. */
async function makeImage(store: Store): Promise<StoredImage> {
  const noise = Array.from({ length: 660_000 }, (_, n) =>
    createHash('sha256').update(String(n)).digest(),
  )
  const layers = [Buffer.from('small'), Buffer.concat(noise)].map((body, n) => {
    const draft = store.draftLayer()
    writeFileSync(join(draft.upper, `file${n}`), body)
    return draft.publish().id
  })
  const { rootfs: _, ...config } = configOf([])
  return await store.commitImage(config, layers, {})
}
