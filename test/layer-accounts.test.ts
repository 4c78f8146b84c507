import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import {
  type Analysis,
  accountLayers,
  analyzeImage,
  type LayerAccount,
} from '../src/analysis/index.ts'
import type { AnalyzedImage } from '../src/app/index.ts'
import { overlayTree, tarLayer } from '../src/image/index.ts'
import { type Cli, cliOn, writeFiles } from './support/jettison.ts'
import { type Member, tarOf } from './support/temp-store.ts'

const big = Buffer.alloc(100_000, 'a')
const file = (name: string, body: Buffer = big): Member => ({ name, body })
const whiteout = (name: string): Member => ({ name })

function account(...layers: readonly (readonly Member[])[]): readonly LayerAccount[] {
  const read = layers.map((members) => {
    return tarLayer(readerOf(tarOf(members)))
  })
  const accounts = accountLayers(
    overlayTree(read.map(({ view }) => view)),
    read.map(({ view, bytes }) => ({ tree: overlayTree([view]), bytes })),
  )
  const listed = read.map(({ view, ...layer }) => ({ ...layer, tree: overlayTree([view]) }))
  expect(accountLayers(overlayTree(read.map(({ view }) => view)), listed)).toEqual(accounts)
  // The four sum to what the layer holds, whatever happened to it.
  expect(
    accounts.map((one) => one.live + one.overwritten + one.metadataOnly + one.deleted),
  ).toEqual(read.map(({ bytes }) => bytes))
  return accounts
}

function readerOf(bytes: Buffer): Parameters<typeof tarLayer>[0] {
  return {
    size: bytes.length,
    readAt: (offset, length) => bytes.subarray(offset, offset + length),
  }
}

function analyzed(...layers: readonly (readonly Member[])[]): Analysis {
  const read = layers.map((members) => tarLayer(readerOf(tarOf(members))))
  return analyzeImage({
    tree: overlayTree(read.map(({ view }) => view)),
    config: { architecture: 'amd64', os: 'linux', config: {}, rootfs, history: [] },
    layerSizes: read.map(({ bytes }) => bytes),
  })
}

const rootfs = { type: 'layers', diff_ids: [] } as const

/** Puts other bytes into the name of a member, with the checksum that belongs to them (POSIX pax, ustar header). */
function renameMember(tar: Buffer, from: string, name: Buffer): void {
  const at = tar.indexOf(from)
  name.copy(tar, at + from.length - 1)
  const header = tar.subarray(at, at + 512)
  header.fill(' ', 148, 156)
  const total = header.reduce((all, one) => all + one, 0)
  header.write(`${total.toString(8).padStart(6, '0')}\0 `, 148, 'latin1')
}

const nothing = { live: 0, overwritten: 0, metadataOnly: 0, deleted: 0 }

/** The cases of field/analysis.md 2.3 in which dive's numbers are wrong, and those in which they are right. */
describe('what is wasted, exactly', () => {
  test('a chmod of a file: one copy is wasted, not two', () => {
    expect(account([file('f')], [{ ...file('f'), mode: 0o755 }])).toEqual([
      { ...nothing, metadataOnly: 100_000 },
      { ...nothing, live: 100_000 },
    ])
  })

  test('a file deleted later', () => {
    expect(account([file('f')], [whiteout('.wh.f')])).toEqual([
      { ...nothing, deleted: 100_000 },
      nothing,
    ])
  })

  test('a directory deleted later: its content is wasted', () => {
    expect(account([file('d/a'), file('d/b')], [whiteout('.wh.d')])).toEqual([
      { ...nothing, deleted: 200_000 },
      nothing,
    ])
  })

  test('an opaque directory: what it hides is wasted', () => {
    const over = [{ name: 'd/', kind: 'dir' as const }, whiteout('d/.wh..wh..opq'), file('d/b')]
    expect(account([file('d/a')], over)).toEqual([
      { ...nothing, deleted: 100_000 },
      { ...nothing, live: 100_000 },
    ])
  })

  test('a file that grows: the small copy is wasted', () => {
    expect(account([file('f', Buffer.from('x'))], [file('f')])).toEqual([
      { ...nothing, overwritten: 1 },
      { ...nothing, live: 100_000 },
    ])
  })

  test('a whiteout of nothing hides nothing, and what follows it still counts', () => {
    const other = Buffer.alloc(100_000, 'b')
    expect(account([file('f')], [whiteout('.wh.never'), file('f', other)])).toEqual([
      { ...nothing, overwritten: 100_000 },
      { ...nothing, live: 100_000 },
    ])
  })

  test('one layer: nothing is wasted', () => {
    expect(account([file('f')])).toEqual([{ ...nothing, live: 100_000 }])
  })

  test('a whiteout and the same name in one layer: the new file is live', () => {
    expect(account([file('f')], [file('f', Buffer.from('new')), whiteout('.wh.f')])).toEqual([
      { ...nothing, overwritten: 100_000 },
      { ...nothing, live: 3 },
    ])
  })

  test('hard links count once, and one name that stays keeps the bytes', () => {
    const linked: readonly Member[] = [file('a'), { name: 'b', kind: 'hardlink', link: 'a' }]
    expect(account(linked)).toEqual([{ ...nothing, live: 100_000 }])
    expect(account(linked, [whiteout('.wh.a')])).toEqual([{ ...nothing, live: 100_000 }, nothing])
    expect(account(linked, [whiteout('.wh.a'), whiteout('.wh.b')])).toEqual([
      { ...nothing, deleted: 100_000 },
      nothing,
    ])
  })

  test('a compiler that is never removed is no waste of a layer: its category says what it is', () => {
    const layers = [[file('usr/bin/x86_64-linux-gnu-gcc-12')], [file('srv/app')]]
    expect(account(...layers)).toEqual([
      { ...nothing, live: 100_000 },
      { ...nothing, live: 100_000 },
    ])
    const { categories } = analyzed(...layers)
    const ballast = categories.filter((category) => category.ballast)
    expect(ballast.map(({ id, bytes }) => [id, bytes])).toEqual([['compilers', 100_000]])
  })

  test('the same content at a second path is two files that are seen', () => {
    expect(account([file('a')], [file('b')])).toEqual([
      { ...nothing, live: 100_000 },
      { ...nothing, live: 100_000 },
    ])
  })

  test('waste inside a base is never more than the base: the sums are over all layers', () => {
    const base = [[file('f')], [{ ...file('f'), mode: 0o600 }], [whiteout('.wh.f')]]
    const accounts = account(...base, [file('app', Buffer.alloc(1000, 'x'))])
    expect(accounts.map(({ live }) => live)).toEqual([0, 0, 0, 1000])
    expect(accounts.map((one) => one.overwritten + one.metadataOnly + one.deleted)).toEqual([
      100_000, 100_000, 0, 0,
    ])
    const { bytes, layerBytes } = analyzed(...base, [file('app', Buffer.alloc(1000, 'x'))])
    expect([bytes, layerBytes]).toEqual([1000, 201_000])
  })

  test('a hard link to a file of a lower layer is a new copy, as builders write it', () => {
    const copied: readonly Member[] = [file('b'), { name: 'c', kind: 'hardlink', link: 'b' }]
    expect(account([file('a')], copied, [whiteout('.wh.b')])).toEqual([
      { ...nothing, live: 100_000 },
      { ...nothing, live: 100_000 },
      nothing,
    ])
  })

  test('a name that one archive holds twice counts as it is unpacked: the last one', () => {
    const twice = [file('f', Buffer.alloc(500, 'x')), file('f')]
    expect(account(twice)).toEqual([{ ...nothing, live: 100_000 }])
    expect(account([file('f')], twice)).toEqual([
      { ...nothing, metadataOnly: 100_000 },
      { ...nothing, live: 100_000 },
    ])
  })

  test.each(['</script><b>', 'Ελληνικά', 'line\nbreak', `${'long/'.repeat(60)}name`])(
    'a path like %j is a path like any other',
    (name) => {
      const shown = analyzed([file(`srv/${name}`)])
      expect(shown.bytes).toBe(100_000)
      expect(account([file(`srv/${name}`)], [whiteout('.wh.srv')])).toEqual([
        { ...nothing, deleted: 100_000 },
        nothing,
      ])
    },
  )

  test('names that are no UTF-8 are told apart', () => {
    const names = ['\xff', '\xfe'].map((name) => Buffer.from(name, 'latin1'))
    const tar = tarOf(['A', 'B'].map((name) => file(`srv/${name}`)))
    for (const [at, name] of names.entries()) renameMember(tar, `srv/${'AB'[at]}`, name)
    const layer = tarLayer(readerOf(tar))
    expect(layer.bytes).toBe(200_000)
    const tree = overlayTree([layer.view])
    expect([...tree.walk()].filter(({ kind }) => kind === 'file')).toHaveLength(2)
    expect(accountLayers(tree, [{ tree, bytes: layer.bytes }])).toEqual([
      { ...nothing, live: 200_000 },
    ])
  })

  test('/lib/x and /usr/lib/x are one package’s one file where /lib is a link', () => {
    const status = 'Package: libx\nStatus: install ok installed\nVersion: 1\n'
    const root: readonly Member[] = [
      { name: 'lib', kind: 'symlink', link: 'usr/lib' },
      file('usr/lib/libx.so.1'),
      file('var/lib/dpkg/status', Buffer.from(status)),
      file('var/lib/dpkg/info/libx.list', Buffer.from('/lib/libx.so.1\n')),
    ]
    const { packageWeights } = analyzed(root)
    expect(packageWeights).toMatchObject([{ name: 'libx', bytes: 100_000, files: 1 }])
  })

  test('a directory that becomes a file hides all below it', async () => {
    expect(account([file('d/a')], [file('d')])).toEqual([
      { ...nothing, deleted: 100_000 },
      { ...nothing, live: 100_000 },
    ])
  })
})

describe('an image that is not in the store', () => {
  const world = mkdtempSync(join(tmpdir(), 'jettison-archives-'))
  let cli: Cli
  let stored: AnalyzedImage

  beforeAll(async () => {
    cli = cliOn(join(world, 'store'))
    const project = writeFiles(join(world, 'project'), {
      Dockerfile:
        'FROM scratch\nCOPY one /usr/bin/gcc\nCOPY two /app/data\nCOPY one /app/data\nCMD ["/app/data"]\n',
      one: 'x'.repeat(5000),
      two: 'y'.repeat(7000),
    })
    await cli.ok(['build', '-t', 'tiny:1', project])
    stored = await analyze('tiny:1')
    await cli.ok(['save', '-o', join(world, 'docker.tar'), 'tiny:1'])
    await cli.ok(['build', '--output', `type=oci,dest=${join(world, 'oci.tar')}`, project])
    execFileSync('mkdir', [join(world, 'layout')])
    execFileSync('tar', ['-xf', join(world, 'oci.tar'), '-C', join(world, 'layout')])
    writeFileSync(join(world, 'docker.tar.gz'), gzipSync(readFileSync(join(world, 'docker.tar'))))
  })

  afterAll(() => rmSync(world, { recursive: true, force: true }))

  async function analyze(name: string): Promise<AnalyzedImage> {
    return JSON.parse(await cli.ok(['analyze', '--json', name], { cwd: world })) as AnalyzedImage
  }

  test.each([
    './docker.tar',
    'docker.tar',
    'docker-archive:docker.tar',
    './docker.tar.gz',
    'oci-archive:oci.tar',
    'oci:layout',
    './layout',
  ])('%s says the same, and nothing of it comes into the store', async (name) => {
    const before = await cli.ok(['image', 'ls', '-a', '--json'])
    const found = await analyze(name)
    expect(found).toMatchObject({
      id: stored.id,
      bytes: stored.bytes,
      layerBytes: stored.layerBytes,
      categories: stored.categories,
      layers: stored.layers,
      hidden: { overwritten: 7000, metadataOnly: 0, deleted: 0 },
    })
    expect(await cli.ok(['image', 'ls', '-a', '--json'])).toBe(before)
  })

  test('what is no archive is refused', async () => {
    writeFileSync(join(world, 'noise.tar'), 'no archive at all'.repeat(100))
    const ran = await cli.run(['analyze', './noise.tar'], { cwd: world })
    expect([ran.code, ran.stderr]).toEqual([2, expect.stringMatching(/code: (?:TAR|ARCHIVE)_/)])
    expect(await cli.run(['analyze', './none.tar'], { cwd: world })).toMatchObject({ code: 2 })
  })
})
