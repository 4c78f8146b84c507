import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { chmodSync, readdirSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { buildSync } from 'esbuild'
import { beforeAll, expect, test } from 'vitest'
import { collect, inPieces, tarOf, tempFolder, tempStore } from '../../test/support/temp-store.ts'
import { canonicalJson, silent } from '../base/index.ts'
import { sha256 } from '../image/index.ts'
import { openStore, type Store } from './index.ts'

/** A second process: opens the store of its first argument and does what the second one says. */
const program = `
import { openStore } from '${join(import.meta.dirname, 'index.ts')}'
const [root, task] = process.argv.slice(2)
const store = openStore(root)
if (task === 'unpack') await store.unpackLayer(process.stdin, { mediaType: 'tar' })
if (task === 'blob') await store.putBlob(process.stdin, {})
if (task === 'hold') {
  store.draftLayer()
  store.workspace('run')
  process.stdout.write('held')
  await new Promise((resolve) => process.stdin.once('end', resolve).resume())
}
process.stdout.write('done')
`

let code: string
beforeAll(() => {
  const [file] = buildSync({
    stdin: { contents: program, resolveDir: import.meta.dirname, loader: 'ts' },
    bundle: true,
    platform: 'node',
    format: 'esm',
    write: false,
  }).outputFiles
  code = file?.text ?? ''
})

function start(root: string, task: string): ChildProcess {
  const script = join(tempFolder(), 'program.mjs')
  writeFileSync(script, code)
  return spawn(process.execPath, [script, root, task], { stdio: ['pipe', 'pipe', 'inherit'] })
}

async function kill(child: ChildProcess): Promise<void> {
  const exit = once(child, 'exit')
  child.kill('SIGKILL')
  child.stdin?.on('error', () => {})
  if (child.exitCode === null && child.signalCode === null) await exit
}

const count = (store: Store, folder: string): number => readdirSync(join(store.root, folder)).length

/** What is left of the dead is gone as soon as somebody works again, and nothing that was published is hurt. */
async function expectWhole(store: Store): Promise<void> {
  expect(await store.fsck({})).toEqual([])
  store.draftLayer().discard()
  for (const folder of ['drafts', 'work', 'tmp']) expect(count(store, folder)).toBe(0)
  store.prune({ steps: true })
  for (const folder of ['trash', 'layers', 'blobs/sha256', 'diffids'])
    expect(count(store, folder)).toBe(0)
  expect(count(store, 'leases')).toBe(1)
}

const big = tarOf(
  Array.from({ length: 1000 }, (_, n) => ({ name: `d${n % 50}/f${n}`, body: `${n}`.repeat(300) })),
)

test.each([0.001, 0.3, 0.7, 0.999])(
  'kill -9 after %s of a layer leaves the store whole',
  async (part) => {
    const store = tempStore()
    const child = start(store.root, 'unpack')
    child.stdin?.write(big.subarray(0, Math.floor(big.length * part)))
    const written = (): number =>
      readdirSync(join(store.root, 'drafts'), { recursive: true, encoding: 'utf8' }).filter(
        (name) => /f\d+$/.test(name),
      ).length
    while (written() < Math.max(1, Math.floor(1000 * part) - 100)) await sleep(20)
    await kill(child)
    expect(count(store, 'drafts')).toBe(1)
    expect(count(store, 'layers')).toBe(0)
    await expectWhole(store)
  },
)

test('kill -9 around the moment of publishing leaves all or nothing', async () => {
  for (const delay of [0, 5, 10, 20, 30, 40, 60, 80, 120]) {
    const store = tempStore()
    const child = start(store.root, 'unpack')
    child.stdin?.on('error', () => {})
    child.stdin?.end(big)
    while (count(store, 'drafts') === 0 && count(store, 'layers') === 0) await sleep(1)
    await sleep(delay * 3)
    await kill(child)
    const found = store.layerByDiffId(sha256(big))
    if (found) expect(sha256(await collect(store.packLayer(found.id, {})))).toBe(sha256(big))
    await expectWhole(store)
  }
})

test('many processes may make one store at the same time', async () => {
  const root = join(tempFolder(), 'store')
  const children = Array.from({ length: 8 }, () => start(root, 'nothing'))
  const codes = await Promise.all(children.map(async (child) => (await once(child, 'exit'))[0]))
  expect(codes).toEqual(children.map(() => 0))
  expect(await openStore(root).fsck({})).toEqual([])
})

test('what a living process works on is left alone', async () => {
  const store = tempStore()
  const child = start(store.root, 'hold')
  if (child.stdout) await once(child.stdout, 'data')
  const own = store.draftLayer()
  writeFileSync(join(own.upper, 'f'), 'f')
  const layer = own.publish()
  store.prune({ steps: true })
  expect([count(store, 'drafts'), count(store, 'work')]).toEqual([1, 1])
  // Another process may have just found it.
  expect(store.layer(layer.id).size).toBe(1)
  child.stdin?.end()
  await once(child, 'exit')
  expect(count(store, 'leases')).toBe(1)
  store.prune({ steps: true })
  for (const folder of ['drafts', 'work', 'layers', 'trash']) expect(count(store, folder)).toBe(0)
})

/** Turns a layer of this boot into one of another boot, as after a power cut. */
function reboot(store: Store, id: string): void {
  const path = join(store.root, 'layers', id, 'meta.json')
  const meta = JSON.parse(readFileSync(path, 'utf8')) as object
  writeFileSync(path, JSON.stringify({ ...meta, boot: 'an earlier one' }))
}

test('after a power cut a whole layer is trusted, and one whose data is lost is not there', async () => {
  const store = tempStore()
  const ids = ['whole', 'torn'].map((text) => {
    const draft = store.draftLayer()
    writeFileSync(join(draft.upper, 'file'), text)
    return draft.publish().id
  })
  const keys = ids.map((layer) => {
    const preimage = { layer }
    const key = sha256(canonicalJson(preimage))
    store.putStep(key, { layer, chain: key, created: '2026-01-01T00:00:00Z' }, preimage)
    reboot(store, layer)
    return key
  })
  truncateSync(join(store.root, 'layers', ids[1] ?? '', 'fs/file'), 0)
  const again = openStore(store.root)
  expect(keys.map((key) => again.findStep(key)?.layer)).toEqual([ids[0], undefined])
  expect((await again.fsck({})).join()).toMatch(
    new RegExp(`layer ${ids[1]}.*step .* ${ids[1]}`, 's'),
  )
  again.prune({ steps: false })
  expect(await again.fsck({})).toEqual([])
  expect(again.findStep(keys[0]!)).toBeDefined()
})

test('torn records are missing records', async () => {
  const store = tempStore()
  const draft = store.draftLayer()
  const preimage = { a: 1 }
  const key = sha256(canonicalJson(preimage))
  store.putStep(
    key,
    { layer: draft.publish().id, chain: key, created: '2026-01-01T00:00:00Z' },
    preimage,
  )
  const path = join(store.root, 'steps', key.slice(7))
  for (const torn of ['', '{"version":1,', '\0'.repeat(100)]) {
    writeFileSync(path, torn)
    expect(store.findStep(key)).toBeUndefined()
  }
  expect(await store.fsck({})).toHaveLength(1)
})

test('fsck names every fault', async () => {
  const store = tempStore()
  const layer = await store.unpackLayer(inPieces(big), { mediaType: 'tar' })
  const config = { architecture: 'amd64', os: 'linux', config: {}, history: [] } as const
  const image = await store.commitImage(config, [layer.id], {})
  store.tag('a', image.id)
  expect(await store.fsck({})).toEqual([])
  writeFileSync(join(store.layerPath(layer.id), 'd0/f0'), 'changed')
  expect(await store.fsck({})).toEqual([`layer ${layer.id}: its files differ from their listing`])
  writeFileSync(join(store.root, 'blobs/sha256', sha256(big).slice(7)), 'x')
  expect((await store.fsck({}))[0]).toContain(sha256(big).slice(7))
  rmSync(join(store.root, 'images', image.id.slice(7)))
  expect((await store.fsck({})).join()).toContain('tag a:latest')
})

test('removing: names first, then the image, then what nothing else needs', async () => {
  const store = tempStore()
  const shared = await store.unpackLayer(inPieces(tarOf([{ name: 'shared' }])), {
    mediaType: 'tar',
  })
  const own = await store.unpackLayer(inPieces(tarOf([{ name: 'own' }])), { mediaType: 'tar' })
  const config = { architecture: 'amd64', os: 'linux', config: {}, history: [] } as const
  const one = await store.commitImage(config, [shared.id, own.id], {})
  const two = await store.commitImage(config, [shared.id], {})
  store.tag('one:a', one.id)
  store.tag('one:b', one.id)
  store.tag('two', two.id)
  await collect(store.save(['two'], { emit: silent }))
  expect(() => store.removeImage(one.id, { force: false })).toThrow(
    expect.objectContaining({ code: 'IMAGE_TAGGED' }),
  )
  expect(store.removeImage('one:a', { force: false })).toEqual({ untagged: ['one:a'], deleted: [] })
  expect(store.removeImage('one:b', { force: false })).toEqual({
    untagged: ['one:b'],
    deleted: [one.id, own.diffId],
  })
  expect(store.findImage(one.id)).toBeUndefined()
  expect(store.layerByDiffId(shared.diffId!)).toBeDefined()
  expect(store.layerByDiffId(own.diffId!)).toBeUndefined()
  expect(await store.fsck({})).toEqual([])
  expect(() => store.removeImage('nothing', { force: true })).toThrow(
    expect.objectContaining({ code: 'IMAGE_NOT_FOUND' }),
  )
  expect(store.prune({ steps: true }).bytes).toBeGreaterThan(0)
  expect(store.findImage('two')?.layers).toEqual([shared.id])
  store.untag('two')
  store.prune({ steps: true })
  expect(store.images()).toEqual([])
  for (const folder of ['layers', 'blobs/sha256', 'diffids', 'images', 'trash'])
    expect(count(store, folder)).toBe(0)
})

test('a store that others can write to, or of another format, is refused', () => {
  const { root } = tempStore()
  chmodSync(root, 0o777)
  expect(() => openStore(root)).toThrow(expect.objectContaining({ code: 'STORE_UNSAFE' }))
  chmodSync(root, 0o700)
  expect(openStore(root).images()).toEqual([])
  writeFileSync(join(root, 'version'), 'something else')
  expect(() => openStore(root)).toThrow(expect.objectContaining({ code: 'STORE_VERSION' }))
})
