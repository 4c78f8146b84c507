import { execFileSync } from 'node:child_process'
import {
  chmodSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { homedir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import type { CopyEntry, CopySource, LayerId, StepIo } from '../../build/index.ts'
import { openContext, treeSource } from '../../context/index.ts'
import { openStore, type Store } from '../../store/index.ts'
import { createEmbeddedEngine, type EmbeddedEngine } from './engine.ts'

const io: StepIo = { step: 'copy', emit: () => {} }
let dir: string
let store: Store
let engine: EmbeddedEngine

beforeEach(() => {
  mkdirSync(join(homedir(), '.cache', 'jettison'), { recursive: true })
  dir = mkdtempSync(join(homedir(), '.cache', 'jettison', 'copy-'))
  store = openStore(join(dir, 'store'))
  engine = createEmbeddedEngine({ store })
})

afterEach(() => {
  rmSync(dir, { recursive: true, force: true })
})

/** A context directory with the given files. */
function contextOf(files: Readonly<Record<string, string>>): CopySource {
  const root = join(dir, 'context')
  mkdirSync(join(dir, 'index'), { recursive: true })
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(join(root, name, '..'), { recursive: true })
    writeFileSync(join(root, name), text)
  }
  return openContext({ dir: root, indexDir: join(dir, 'index') })
}

function entry(over: Partial<CopyEntry> & Pick<CopyEntry, 'to'>): CopyEntry {
  return { from: null, kind: 'file', mode: 0o644, uid: 0, gid: 0, mtime: 1_000_000_000, ...over }
}

function folder(to: string, over: Partial<CopyEntry> = {}): CopyEntry {
  return entry({ to, kind: 'dir', mode: 0o755, ...over })
}

function copy(
  source: CopySource,
  entries: readonly CopyEntry[],
  base: readonly LayerId[] = [],
): Promise<LayerId> {
  return engine.steps.copy({ base, parts: [{ source, entries }] }, io)
}

function layered(layers: readonly LayerId[]): CopySource {
  return { ...treeSource(store.tree(layers)), layers }
}

/** A layer with one file of 0755 root, a linked twin in another directory, and a file with capabilities. */
async function stageLayer(): Promise<LayerId> {
  const draft = store.draftLayer()
  mkdirSync(join(draft.upper, 'out'))
  writeFileSync(join(draft.upper, 'out', 'tool'), 'tool\n')
  chmodSync(join(draft.upper, 'out', 'tool'), 0o4755)
  writeFileSync(join(draft.upper, 'out', 'ping'), 'ping\n')
  execFileSync('setcap', ['cap_net_raw+ep', join(draft.upper, 'out', 'ping')])
  return draft.publish().id
}

test('mode, owner, time, links and special files come out exactly', async () => {
  const source = contextOf({ 'a/file': 'text\n' })
  const id = await copy(source, [
    folder('/d', { mode: 0o1777, uid: 5, gid: 6, mtime: 1_111_111_111 }),
    entry({ from: '/a/file', to: '/d/f', mode: 0o4750, uid: 7, gid: 8, mtime: 1_222_222_222 }),
    entry({ to: '/d/l', kind: 'symlink', mode: 0o777, link: '../../outside', uid: 9, gid: 9 }),
    entry({ to: '/d/pipe', kind: 'fifo', mode: 0o620 }),
    entry({ to: '/d/empty' }),
  ])
  const root = store.layerPath(id)
  const stat = (name: string): number[] => {
    const { mode, uid, gid, mtimeMs } = lstatSync(join(root, name))
    return [mode & 0o7777, uid, gid, mtimeMs / 1000]
  }
  expect(stat('d')).toEqual([0o1777, 5, 6, 1_111_111_111])
  expect(stat('d/f')).toEqual([0o4750, 7, 8, 1_222_222_222])
  expect(stat('d/l').slice(1)).toEqual([9, 9, 1_000_000_000])
  expect(readlinkSync(join(root, 'd/l'))).toBe('../../outside')
  expect(lstatSync(join(root, 'd/pipe')).isFIFO()).toBe(true)
  expect(readFileSync(join(root, 'd/f'), 'utf8')).toBe('text\n')
  expect(lstatSync(join(root, 'd/f')).nlink).toBe(1)
})

test('a file of a layer is linked when all metadata agree, else copied', async () => {
  const stage = await stageLayer()
  const from = join(store.layerPath(stage), 'out', 'tool')
  const same = { from: '/out/tool', mode: 0o4755, mtime: Math.floor(statSync(from).mtimeMs / 1000) }
  const id = await copy(layered([stage]), [
    entry({ ...same, to: '/linked' }),
    entry({ ...same, to: '/other-mode', mode: 0o755 }),
    entry({ ...same, to: '/other-owner', uid: 1 }),
  ])
  const ino = (name: string): number => statSync(join(store.layerPath(id), name)).ino
  expect(ino('linked')).toBe(statSync(from).ino)
  expect(ino('other-mode')).not.toBe(ino('linked'))
  expect(ino('other-owner')).not.toBe(ino('linked'))
  expect(readFileSync(join(store.layerPath(id), 'other-owner'), 'utf8')).toBe('tool\n')
  // What lies in the layer is one file each, whatever shares their inodes elsewhere.
  expect(store.layer(id).size).toBe(15)
})

test('file capabilities are kept, linked or copied', async () => {
  const stage = await stageLayer()
  const id = await copy(layered([stage]), [entry({ from: '/out/ping', to: '/copied', uid: 3 })])
  expect(
    execFileSync('getcap', [join(store.layerPath(id), 'copied')], { encoding: 'utf8' }),
  ).toContain('cap_net_raw=ep')
})

test('a source without a directory of its own is read through its tree', async () => {
  const stage = await stageLayer()
  const id = await copy(treeSource(store.tree([stage])), [entry({ from: '/out/tool', to: '/t' })])
  expect(readFileSync(join(store.layerPath(id), 't'), 'utf8')).toBe('tool\n')
})

test('a file replaces a directory below, and a directory a file, in the merged tree and in the kernel', async () => {
  const source = contextOf({ f: 'new\n' })
  const below = await copy(source, [
    folder('/x'),
    entry({ from: '/f', to: '/x/old' }),
    entry({ from: '/f', to: '/y' }),
  ])
  const middle = await copy(
    source,
    [entry({ from: '/f', to: '/x' }), folder('/y'), entry({ from: '/f', to: '/y/in' })],
    [below],
  )
  const top = await copy(
    source,
    [folder('/x'), entry({ from: '/f', to: '/x/in' })],
    [below, middle],
  )
  const tree = (layers: readonly LayerId[]): string[] =>
    [...store.tree(layers).walk()].map(({ path, kind }) => `${kind} ${path}`).slice(1)
  expect(tree([below, middle])).toEqual(['file /x', 'dir /y', 'file /y/in'])
  expect(tree([below, middle, top])).toEqual(['dir /x', 'file /x/in', 'dir /y', 'file /y/in'])
  const merged = join(dir, 'merged')
  mkdirSync(merged)
  const lower = [top, middle, below].map((id) => store.layerPath(id)).join(':')
  // In a mount namespace of its own: nothing has to be unmounted.
  const script =
    'mount -t overlay o -o "lowerdir=$1" "$2" && find "$2" -mindepth 1 -printf "%y /%P\\n" | sort -k2'
  const seen = execFileSync('unshare', ['-m', 'sh', '-c', script, 'sh', lower, merged], {
    encoding: 'utf8',
  })
  expect(seen.trim().split('\n')).toEqual(['d /x', 'f /x/in', 'd /y', 'f /y/in'])
})

test('a later part replaces what an earlier one wrote', async () => {
  const source = contextOf({ f: 'text\n' })
  const parts = [
    [
      folder('/a'),
      folder('/a/b'),
      entry({ from: '/f', to: '/a/b/c' }),
      entry({ from: '/f', to: '/z' }),
    ],
    [
      entry({ from: '/f', to: '/a', mode: 0o600 }),
      folder('/z'),
      entry({ to: '/z/l', kind: 'symlink', link: '/etc' }),
    ],
  ].map((entries) => ({ source, entries }))
  const id = await engine.steps.copy({ base: [], parts }, io)
  const paths = [...store.tree([id]).walk()].map(({ path, kind }) => `${kind} ${path}`)
  expect(paths.slice(1)).toEqual(['file /a', 'dir /z', 'symlink /z/l'])
  expect(statSync(join(store.layerPath(id), 'a')).mode & 0o777).toBe(0o600)
})

test('a plan that would write through a symlink or out of the root is refused', async () => {
  const source = contextOf({ f: 'text\n' })
  const outside = join(dir, 'outside')
  mkdirSync(outside)
  const link = entry({ to: '/up', kind: 'symlink', link: outside })
  for (const to of ['/up/f', '/../f', '/up/../../f', '/not-there/f', '/a//f', '/f/'])
    await expect(copy(source, [link, entry({ from: '/f', to })])).rejects.toMatchObject({
      code: 'COPY_UNSAFE',
    })
  expect(readdirSync(outside)).toEqual([])
  expect(readdirSync(join(store.root, 'drafts'))).toEqual([])
})

test('a context file whose name is not UTF-8 keeps its bytes', async () => {
  const root = join(dir, 'context')
  mkdirSync(root)
  mkdirSync(join(dir, 'index'))
  writeFileSync(Buffer.concat([Buffer.from(`${root}/caf`), Buffer.from([0xe9])]), 'x')
  symlinkSync(Buffer.from([0x66, 0xff]), join(root, 'l'))
  const source = openContext({ dir: root, indexDir: join(dir, 'index') })
  const names = source.tree.readdir('/')
  const entries = names.map((name): CopyEntry => {
    const found = source.tree.lookup(`/${name}`)
    return found?.kind === 'symlink'
      ? entry({ from: `/${name}`, to: `/${name}`, kind: 'symlink', link: found.link ?? '' })
      : entry({ from: `/${name}`, to: `/${name}` })
  })
  const id = await copy(source, entries)
  const got = readdirSync(store.layerPath(id), 'buffer')
    .map((name) => name.toString('hex'))
    .sort()
  expect(got).toEqual(['636166e9', Buffer.from('l').toString('hex')])
  expect(readlinkSync(join(store.layerPath(id), 'l'), 'buffer').toString('hex')).toBe('66ff')
})

test('an aborted copy leaves nothing', async () => {
  const source = contextOf({ f: 'text\n' })
  const entries = Array.from({ length: 2_000 }, (_, at) => entry({ from: '/f', to: `/f${at}` }))
  const controller = new AbortController()
  const copying = engine.steps.copy(
    { base: [], parts: [{ source, entries }] },
    { ...io, signal: controller.signal },
  )
  setImmediate(() => controller.abort(new Error('enough')))
  await expect(copying).rejects.toThrow('enough')
  expect(readdirSync(join(store.root, 'drafts'))).toEqual([])
})
