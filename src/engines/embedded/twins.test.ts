import {
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  utimesSync,
  writeFileSync,
} from 'node:fs'
import { homedir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import type { CopyEntry, LayerId } from '../../build/index.ts'
import { openContext } from '../../context/index.ts'
import { openStore, type Store } from '../../store/index.ts'
import { createEmbeddedEngine } from './engine.ts'

const names = Array.from({ length: 300 }, (_, at) => `/f${at}`)
let dir: string
let store: Store

beforeEach(() => {
  mkdirSync(join(homedir(), '.cache', 'jettison'), { recursive: true })
  dir = mkdtempSync(join(homedir(), '.cache', 'jettison', 'twins-'))
  mkdirSync(join(dir, 'context'))
  store = openStore(join(dir, 'store'))
  for (const name of names) write(name, `content of ${name}`)
})

afterEach(() => {
  rmSync(dir, { recursive: true, force: true })
})

/** Always with the same time, so that only the content tells old from new. */
function write(name: string, text: string): void {
  const path = join(dir, 'context', name)
  writeFileSync(path, text)
  utimesSync(path, 1_000_000_000, 1_000_000_000)
}

/** What `COPY . /` does in a build of its own. */
function copy(change: (entry: CopyEntry) => CopyEntry = (entry) => entry): Promise<LayerId> {
  const source = openContext({ dir: join(dir, 'context'), indexDir: join(dir, 'index') })
  const entries = names.map((name): CopyEntry => {
    const { mode, uid, gid, mtime } = source.tree.lookup(name) ?? never(name)
    return change({ from: name, to: name, kind: 'file', mode, uid, gid, mtime })
  })
  const step = { base: [], parts: [{ source, entries }] }
  return createEmbeddedEngine({ store }).steps.copy(step, { step: 'COPY . /', emit: () => {} })
}

function never(name: string): never {
  throw new Error(`${name} is not in the context`)
}

const inodeOf = (layer: LayerId, name: string): number =>
  lstatSync(store.layerPath(layer) + name).ino
const textOf = (layer: LayerId, name: string): string =>
  readFileSync(store.layerPath(layer) + name, 'utf8')
const shared = (a: LayerId, b: LayerId): readonly string[] =>
  names.filter((name) => inodeOf(a, name) === inodeOf(b, name))

test('what did not change is linked, what changed is written, and the older layer stays as it was', async () => {
  const first = await copy()
  const old = textOf(first, '/f7')
  // As long as before, and as old.
  write('/f7', old.toUpperCase())
  const second = await copy()
  expect(shared(first, second)).toEqual(names.filter((name) => name !== '/f7'))
  expect([textOf(first, '/f7'), textOf(second, '/f7')]).toEqual([old, old.toUpperCase()])
  expect(await store.fsck({})).toEqual([])
  const digests = [first, second, await copy()].map((layer) => store.diffId(layer, {}))
  const [a, b, c] = await Promise.all(digests)
  expect(b).not.toBe(a)
  expect(c).toBe(b)
})

test('the same content with another mode, owner or time is another file', async () => {
  const first = await copy()
  const layers = [
    await copy((entry) => ({ ...entry, mode: 0o600 })),
    await copy((entry) => ({ ...entry, uid: 7 })),
    await copy((entry) => ({ ...entry, mtime: entry.mtime + 1 })),
  ]
  expect(layers.flatMap((layer) => shared(first, layer))).toEqual([])
  expect(lstatSync(`${store.layerPath(first)}/f1`)).toMatchObject({ uid: 0, mtimeMs: 1e12 })
})

test('nothing is linked from a layer that is gone', async () => {
  const first = await copy()
  store.prune({ steps: true })
  expect(() => store.layerPath(first)).toThrow('no layer')
  const second = await copy()
  expect(lstatSync(`${store.layerPath(second)}/f1`)).toMatchObject({ nlink: 1 })
  expect(textOf(second, '/f1')).toBe('content of /f1')
})
