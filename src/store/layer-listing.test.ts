import {
  existsSync,
  linkSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  truncateSync,
  utimesSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { tempFolder, tempStore } from '../../test/support/temp-store.ts'
import type { LayerId } from '../build/index.ts'
import { byCodeUnit, diskPath, type FileTree, overlayTree } from '../image/index.ts'
import { openStore, type Store } from './index.ts'
import { decodeListing, encodeListing } from './layer-listing.ts'
import { scanLayer } from './layer-scan.ts'
import { layerView } from './layer-view.ts'
import { native } from './native.ts'

/** Bytes that are no UTF-8, letters outside of ASCII and of the first plane, and what a listing is written with. */
const name = fc.oneof(
  fc.constantFrom(
    'a',
    'b',
    'ü',
    '😀',
    'x\udcffy',
    'a\n',
    '\nfile 420 0 0 1 1  ',
    ' ',
    '-1 0',
    'ü\udc80',
  ),
  fc.string({ minLength: 1, maxLength: 4, unit: 'grapheme-ascii' }).filter(isName),
)
const change = fc.record({
  path: fc.array(name, { minLength: 1, maxLength: 3 }).map((parts) => parts.join('/')),
  what: fc.constantFrom(
    'file',
    'dir',
    'symlink',
    'hard',
    'fifo',
    'char',
    'block',
    'whiteout',
    'opaque',
  ),
  target: name,
  time: fc.integer({ min: -2_000_000_000, max: 4_000_000_000 }),
})

test('a listing says of any layer what lies on disk', () => {
  void fc.assert(
    fc.property(fc.array(change, { maxLength: 12 }), (changes) => {
      const folder = tempFolder()
      for (const each of changes) apply(folder, each)
      const scanned = scanLayer(folder)
      const listing = decodeListing(encodeListing(scanned))
      for (const { path, node } of scanned) expect(listing.node(path)).toEqual(node)
      const below = scanned.map(({ path }) => path).filter((path) => path !== '/')
      const listed = ['/', ...below].flatMap((path) =>
        listing.names(path).map((child) => `${path === '/' ? '' : path}/${child}`),
      )
      expect(listed.sort(byCodeUnit)).toEqual(below.sort(byCodeUnit))
      expect([listing.node('/no'), listing.node('/.'), listing.names('/no')]).toEqual([
        undefined,
        undefined,
        [],
      ])
    }),
    { numRuns: 40 },
  )
})

test('a tree read from listings is the one that lies on disk: any layers', () => {
  const store = tempStore()
  const stacks = fc.array(fc.array(change, { maxLength: 8 }), { minLength: 1, maxLength: 3 })
  void fc.assert(
    fc.property(stacks, (stack) => {
      const layers = stack.map((changes) =>
        publish(store, (upper) => {
          filler(upper)
          for (const each of changes) apply(upper, each)
        }),
      )
      const disk = onDisk(store, layers)
      expect(describe(store.tree(layers))).toEqual(describe(disk))
      const listed = openStore(store.root).tree(layers)
      hidden(store, layers, () => expect(describe(listed)).toEqual(describe(disk)))
    }),
    { numRuns: 6 },
  )
})

test('a listing that is missing or torn is made again, but not of other files than were published', async () => {
  const store = tempStore()
  const id = publish(store, filler)
  const path = join(store.root, 'layers', id, 'listing')
  const whole = readFileSync(path)
  const seen = describe(onDisk(store, [id]))
  for (const damage of [
    () => rmSync(path),
    () => truncateSync(path, 100),
    () => writeFileSync(path, ''),
  ]) {
    damage()
    expect(describe(openStore(store.root).tree([id]))).toEqual(seen)
    expect(readFileSync(path)).toEqual(whole)
  }
  expect(await store.fsck({})).toEqual([])
  writeFileSync(join(store.layerPath(id), 'new'), '')
  expect(await store.fsck({})).toEqual([`layer ${id}: its files differ from their listing`])
  rmSync(path)
  expect(openStore(store.root).tree([id]).lookup('/new')).toBeDefined()
  expect(describe(openStore(store.root).tree([id]))).toEqual(describe(onDisk(store, [id])))
  expect(existsSync(path)).toBe(false)
})

test('what the kernel calls here and above is no name of a layer, be it listed or not', () => {
  const store = tempStore()
  const tree = store.tree([publish(store, filler)])
  const asked = ['/.', '/..', '/d/..', '/d/./f1', '/d/../../meta.json']
  const before = asked.map((path) => tree.lookup(path))
  const walked = [...tree.walk()].length
  expect(walked).toBe(132)
  expect(before).toEqual(asked.map(() => undefined))
  expect(asked.map((path) => tree.lookup(path))).toEqual(before)
})

test('the same layers are one tree, until something else was looked at', () => {
  const store = tempStore()
  const ids = Array.from({ length: 12 }, (_, at) =>
    publish(store, (upper) => writeFileSync(join(upper, `${at}`), '')),
  )
  const first = store.tree(ids)
  expect(store.tree(ids)).toBe(first)
  expect(store.tree(ids.slice(1))).not.toBe(first)
  for (const id of ids) expect(store.tree([id]).readdir('/')).toHaveLength(1)
  expect([...store.tree(ids).walk()]).toEqual([...first.walk()])
})

/** So many entries that a listing is worth its while. */
function filler(upper: string): void {
  mkdirSync(join(upper, 'd'))
  for (let at = 0; at < 130; at += 1) writeFileSync(join(upper, `d/f${at}`), '')
}

function publish(store: Store, write: (upper: string) => void): LayerId {
  const draft = store.draftLayer()
  write(draft.upper)
  return draft.publish().id
}

/** Without any listing. */
function onDisk(store: Store, layers: readonly LayerId[]): FileTree {
  return overlayTree(
    layers.map((id) => {
      const meta = JSON.parse(readFileSync(join(store.root, 'layers', id, 'meta.json'), 'utf8'))
      return layerView(store.layerPath(id), meta, () => undefined)
    }),
  )
}

/** While the files are away but for the few that are looked at before a listing is read. */
function hidden(store: Store, layers: readonly LayerId[], work: () => void): void {
  const away = (id: LayerId): string => `${store.layerPath(id)}-away`
  for (const id of layers) {
    renameSync(store.layerPath(id), away(id))
    mkdirSync(store.layerPath(id))
  }
  try {
    work()
  } finally {
    for (const id of layers) {
      rmSync(join(store.root, 'layers', id, 'fs'), { recursive: true })
      renameSync(join(store.root, 'layers', id, 'fs-away'), join(store.root, 'layers', id, 'fs'))
    }
  }
}

function describe(tree: FileTree): unknown {
  return [...tree.walk()].map((entry) => ({
    ...entry,
    names: tree.readdir(entry.path),
    again: tree.lookup(entry.path) === entry,
  }))
}

function isName(text: string): boolean {
  return text !== '.' && text !== '..' && !text.includes('/') && !text.includes('\0')
}

type Change = {
  readonly path: string
  readonly what: string
  readonly target: string
  readonly time: number
}

function apply(folder: string, { path, what, target, time }: Change): void {
  const place = diskPath(join(folder, path))
  const device = (type: number, major: number, minor: number): void =>
    native().mknod(place, type | 0o640, { major, minor })
  try {
    mkdirSync(diskPath(join(folder, path, '..')), { recursive: true })
    if (what === 'file') writeFileSync(place, path, { flag: 'wx', mode: 0o4755 })
    if (what === 'symlink') symlinkSync(diskPath(target), place)
    if (what === 'hard') linkSync(diskPath(join(folder, target)), place)
    if (what === 'dir' || what === 'opaque') mkdirSync(place)
    if (what === 'fifo') device(0o010000, 0, 0)
    if (what === 'char') device(0o020000, 259, 70_000)
    if (what === 'block') device(0o060000, 1, 3)
    if (what === 'whiteout') native().mknod(place, 0o020000, { major: 0, minor: 0 })
    if (what === 'opaque') native().setXattr(place, 'trusted.overlay.opaque', Buffer.from('y'))
    if (what === 'file' || what === 'dir') utimesSync(place, time, time)
  } catch (error) {
    // The path is taken already, leads through a file, or the target is a directory or not there.
    if (!/EEXIST|ENOTDIR|ENOENT|EPERM|ELOOP/.test(String(error))) throw error
  }
}
