import { execFileSync } from 'node:child_process'
import {
  chmodSync,
  lchownSync,
  linkSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs'
import { createServer } from 'node:net'
import { join } from 'node:path'
import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { collect, tempFolder, tempStore } from '../../test/support/temp-store.ts'
import type { LayerId } from '../build/index.ts'
import { byCodeUnit, sha256, type TreeEntry } from '../image/index.ts'
import type { Store } from './index.ts'
import { native } from './native.ts'
import { commandNative } from './native-commands.ts'

const whiteout = (path: string): void => native().mknod(path, 0o020000, { major: 0, minor: 0 })

/** Publishes what the function writes. */
function layerOf(store: Store, write: (upper: string) => void): LayerId {
  const draft = store.draftLayer()
  write(draft.upper)
  return draft.publish().id
}

/** A layer of every kind of thing that a layer may hold. */
function everything(upper: string): void {
  const at = (path: string): string => join(upper, path)
  mkdirSync(at('d/sub'), { recursive: true })
  writeFileSync(at('d/file'), 'x'.repeat(3_000_000))
  linkSync(at('d/file'), at('d/sub/hard'))
  linkSync(at('d/file'), at('a-first'))
  writeFileSync(at('su'), '#!')
  lchownSync(at('su'), 1000, 1001)
  chmodSync(at('su'), 0o6755)
  native().setXattr(
    at('su'),
    'security.capability',
    Buffer.from('0100000200040000000000000000000000000000', 'hex'),
  )
  native().setXattr(at('d'), 'user.binary', Buffer.from([0, 255, 10, 61]))
  symlinkSync('d/file', at('soft'))
  lchownSync(at('soft'), 7, 8)
  native().mknod(at('pipe'), 0o010640, { major: 0, minor: 0 })
  native().mknod(at('null'), 0o020666, { major: 1, minor: 3 })
  native().mknod(at('disk'), 0o060600, { major: 259, minor: 1000 })
  writeFileSync(at(`${'l'.repeat(200)}`), '')
  mkdirSync(at('deep/'.repeat(60)), { recursive: true })
  writeFileSync(at(`${'deep/'.repeat(60)}end`), 'end')
  whiteout(at('d/gone'))
  native().setXattr(at('d/sub'), 'trusted.overlay.opaque', Buffer.from('y'))
  chmodSync(at('d'), 0o1777)
  utimesSync(at('d'), 1_000_000_000, 1_000_000_000)
}

function describe(store: Store, id: LayerId): unknown {
  const tree = store.tree([id])
  return [...tree.walk()].slice(1).map((entry) => ({
    ...entry,
    xattrs: tree.xattrs(entry.path),
    digest: entry.kind === 'file' ? sha256(tree.read(entry.path)) : null,
  }))
}

const rawNames = (store: Store, id: LayerId): string[] =>
  readdirSync(store.layerPath(id), { recursive: true, encoding: 'utf8' }).sort(byCodeUnit)

test('tree → tar → unpack → tree changes nothing, whiteouts and opaque directories included', async () => {
  const store = tempStore()
  const id = layerOf(store, everything)
  const diffId = await store.diffId(id, {})
  const tar = await collect(store.packLayer(id, {}))
  expect(sha256(tar)).toBe(diffId)
  const other = tempStore()
  const copy = await other.unpackLayer(chunks(tar), { mediaType: 'tar', diffId })
  expect(describe(other, copy.id)).toEqual(describe(store, id))
  expect(rawNames(other, copy.id)).toEqual(rawNames(store, id))
  expect(copy.size).toBe(store.layer(id).size)
  expect(copy.size).toBe(3_000_000 + '#!end'.length)
  // Without the kept archive it would be our own tar again, to the byte.
  rmSync(join(other.root, 'layers', copy.id, 'diff.json'))
  expect(sha256(await collect(other.packLayer(copy.id, {})))).toBe(diffId)
  expect(lstatSync(join(other.layerPath(copy.id), 'd/gone')).rdev).toBe(0)
  const links = ['a-first', 'd/file', 'd/sub/hard'].map(
    (path) => lstatSync(join(other.layerPath(copy.id), path)).ino,
  )
  expect(new Set(links).size).toBe(1)
})

test('GNU tar unpacks our layer to the same tree', async () => {
  const store = tempStore()
  const id = layerOf(store, everything)
  const folder = tempFolder()
  execFileSync('tar', ['-xp', '--xattrs', '--xattrs-include=*', '--same-owner', '-C', folder], {
    input: await collect(store.packLayer(id, {})),
  })
  const names = readdirSync(folder, { recursive: true, encoding: 'utf8' }).sort(byCodeUnit)
  const expected = rawNames(store, id).map((name) => name.replace(/gone$/, '.wh.gone'))
  expect(names).toEqual([...expected, 'd/sub/.wh..wh..opq'].sort(byCodeUnit))
  for (const { path, kind, mode, uid, gid, mtime } of [...store.tree([id]).walk()].slice(1)) {
    const stats = lstatSync(join(folder, path))
    expect({
      path,
      uid: stats.uid,
      gid: stats.gid,
      mtime: Math.floor(stats.mtimeMs / 1000),
    }).toEqual({ path, uid, gid, mtime })
    if (kind !== 'symlink') expect(stats.mode & 0o7777).toBe(mode)
  }
})

test('a socket stays out of the tar, a reserved name is refused', async () => {
  const store = tempStore()
  const draft = store.draftLayer()
  const server = createServer()
  await new Promise<void>((resolve) => server.listen(join(draft.upper, 's'), resolve))
  const id = draft.publish().id
  expect(store.tree([id]).lookup('/s')?.kind).toBe('socket')
  expect((await collect(store.packLayer(id, {}))).length).toBe(1024)
  await new Promise((resolve) => server.close(resolve))
  const reserved = layerOf(store, (upper) => writeFileSync(join(upper, '.wh.x'), ''))
  await expect(store.diffId(reserved, {})).rejects.toMatchObject({ code: 'LAYER_NAME_RESERVED' })
})

test('files linked to another layer are no hard links of this one', () => {
  const store = tempStore()
  const first = layerOf(store, (upper) => writeFileSync(join(upper, 'f'), '12345'))
  const draft = store.draftLayer()
  for (const name of ['a', 'b'])
    linkSync(join(store.layerPath(first), 'f'), join(draft.upper, name))
  const second = draft.publish({ links: [] })
  expect(second.size).toBe(10)
  const groups = [...store.tree([second.id]).walk()].map(({ hardlinkGroup }) => hardlinkGroup)
  expect(groups).toEqual([undefined, undefined, undefined])
  expect(store.layer(first).size).toBe(5)
  const alone = store.draftLayer()
  linkSync(join(store.layerPath(first), 'f'), join(alone.upper, 'a'))
  expect([...store.tree([alone.publish().id]).walk()][1]?.hardlinkGroup).toBeUndefined()
})

/** What the kernel shows of a stack of layers. */
function mounted(store: Store, layers: readonly LayerId[]): unknown[] {
  const point = tempFolder()
  // A single lower directory cannot be mounted without an upper one, so an empty one goes below.
  const lowers = [...layers.map((id) => store.layerPath(id)).reverse(), tempFolder()].join(':')
  execFileSync('mount', ['-t', 'overlay', 'overlay', '-o', `lowerdir=${lowers}`, point])
  try {
    return listMounted(point)
  } finally {
    execFileSync('umount', [point])
  }
}

function listMounted(point: string): unknown[] {
  return readdirSync(point, { recursive: true, encoding: 'utf8' })
    .sort(byCodeUnit)
    .flatMap((name) => {
      // readdir lists a whiteout in a directory that no lower layer has, though nothing can be found at the name.
      const stats = lstatSync(join(point, name), { throwIfNoEntry: false })
      if (!stats) return []
      const content = stats.isFile()
        ? readFileSync(join(point, name), 'utf8')
        : stats.isSymbolicLink()
          ? readlinkSync(join(point, name))
          : null
      return [{ path: `/${name}`, mode: stats.mode & 0o7777, content }]
    })
}

function merged(store: Store, layers: readonly LayerId[]): unknown[] {
  const tree = store.tree(layers)
  const show = ({ path, mode, kind, link }: TreeEntry): unknown => ({
    path,
    mode,
    content: kind === 'file' ? Buffer.from(tree.read(path)).toString() : (link ?? null),
  })
  return [...tree.walk()]
    .slice(1)
    .sort((a, b) => (a.path < b.path ? -1 : 1))
    .map(show)
}

test('the tree is what the kernel mounts: any layers', async () => {
  const name = fc.constantFrom('a', 'b', 'c')
  const path = fc.array(name, { minLength: 1, maxLength: 3 }).map((parts) => parts.join('/'))
  const change = fc.record({
    path,
    what: fc.constantFrom('file', 'dir', 'link', 'whiteout', 'opaque'),
  })
  const layers = fc.array(fc.array(change, { maxLength: 6 }), { minLength: 1, maxLength: 4 })
  const store = tempStore()
  await fc.assert(
    fc.property(layers, (stack) => {
      const ids = stack.map((changes, index) =>
        layerOf(store, (upper) => {
          for (const each of changes) apply(upper, each, `layer ${index}`)
        }),
      )
      expect(merged(store, ids)).toEqual(mounted(store, ids))
      const walked = store.tree(ids)
      const lazy = store.tree(ids)
      for (const entry of walked.walk()) {
        expect(lazy.lookup(entry.path)).toEqual(entry)
        if (entry.kind === 'dir')
          expect(lazy.readdir(entry.path)).toEqual(walked.readdir(entry.path))
      }
    }),
    { numRuns: 30 },
  )
})

function apply(upper: string, { path, what }: { path: string; what: string }, text: string): void {
  const target = join(upper, path)
  try {
    mkdirSync(join(target, '..'), { recursive: true })
    if (what === 'file') writeFileSync(target, text, { flag: 'wx' })
    if (what === 'link') symlinkSync(text, target)
    if (what === 'whiteout') whiteout(target)
    if (what === 'dir' || what === 'opaque') mkdirSync(target)
    if (what === 'opaque') native().setXattr(target, 'trusted.overlay.opaque', Buffer.from('y'))
  } catch (error) {
    // The path is taken already, or leads through a file or a dangling link.
    if (!/EEXIST|ENOTDIR|ENOENT/.test(String(error))) throw error
  }
}

test('the commands do what koffi does', () => {
  const folder = tempFolder()
  const commands = commandNative()
  mkdirSync(join(folder, 'd'))
  writeFileSync(join(folder, 'd/a b\nc=ü'), '')
  commands.setXattr(join(folder, 'd'), 'trusted.overlay.opaque', Buffer.from('y'))
  commands.setXattr(join(folder, 'd/a b\nc=ü'), 'user.x', Buffer.from([0, 61, 10, 255]))
  commands.mknod(join(folder, 'gone'), 0o020000, { major: 0, minor: 0 })
  commands.mknod(join(folder, 'pipe'), 0o010600, { major: 0, minor: 0 })
  const paths = ['/', '/d', '/d/a b\nc=ü', '/pipe']
  const plain = (found: ReadonlyMap<string, ReadonlyMap<string, Buffer>>): unknown =>
    [...found]
      .map(([path, all]) => [path, [...all].map(([k, v]) => [k, [...v]])])
      .sort((a, b) => (a < b ? -1 : 1))
  expect(plain(commands.xattrs(folder, paths))).toEqual(plain(native().xattrs(folder, paths)))
  expect(plain(commands.xattrs(folder, paths))).toEqual([
    ['/d', [['trusted.overlay.opaque', [121]]]],
    ['/d/a b\nc=ü', [['user.x', [0, 61, 10, 255]]]],
  ])
  expect(lstatSync(join(folder, 'gone')).rdev).toBe(0)
  expect(lstatSync(join(folder, 'pipe')).isFIFO()).toBe(true)
  for (const each of [commands, native()])
    expect(() => each.setXattr(join(folder, 'pipe'), 'user.x', Buffer.from('y'))).toThrow(
      expect.objectContaining({ code: 'EPERM' }),
    )
})

async function* chunks(bytes: Buffer): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += 65_536) yield bytes.subarray(at, at + 65_536)
}
