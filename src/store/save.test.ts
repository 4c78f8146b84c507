import { execFileSync } from 'node:child_process'
import {
  createReadStream,
  createWriteStream,
  linkSync,
  mkdirSync,
  readFileSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { gzipSync } from 'node:zlib'
import { expect, test } from 'vitest'
import { runPeer } from '../../test/support/peers.ts'
import {
  collect,
  inPieces,
  type Member,
  tarOf,
  tempFolder,
  tempStore,
} from '../../test/support/temp-store.ts'
import { silent } from '../base/index.ts'
import type { StoredImage } from '../build/index.ts'
import { byCodeUnit, digestHex, sha256 } from '../image/index.ts'
import type { Store } from './index.ts'
import { native } from './native.ts'

const config = {
  architecture: process.arch === 'arm64' ? 'arm64' : 'amd64',
  os: 'linux',
  created: '2026-01-02T03:04:05Z',
  config: { Cmd: ['/bin/app'], Env: ['A=b'] },
  history: [{ created_by: 'COPY base' }, { created_by: 'RUN change' }],
} as const

/** Two layers; the second changes, deletes and hides what the first has. */
async function sampleImage(store: Store): Promise<StoredImage> {
  const base = store.draftLayer()
  mkdirSync(join(base.upper, 'etc/old'), { recursive: true })
  mkdirSync(join(base.upper, 'opt/hidden'), { recursive: true })
  writeFileSync(join(base.upper, 'etc/gone'), 'gone')
  writeFileSync(join(base.upper, 'etc/old/x'), 'x')
  writeFileSync(join(base.upper, 'opt/hidden/y'), 'y')
  writeFileSync(join(base.upper, 'etc/conf'), 'one')
  const change = store.draftLayer()
  mkdirSync(join(change.upper, 'etc'))
  mkdirSync(join(change.upper, 'opt/hidden'), { recursive: true })
  writeFileSync(join(change.upper, 'etc/conf'), 'two')
  linkSync(join(change.upper, 'etc/conf'), join(change.upper, 'etc/conf2'))
  symlinkSync('conf', join(change.upper, 'etc/link'))
  writeFileSync(join(change.upper, 'etc/cap'), '')
  native().setXattr(join(change.upper, 'etc/cap'), 'user.note', Buffer.from([0, 1, 2]))
  for (const gone of ['gone', 'old'])
    native().mknod(join(change.upper, 'etc', gone), 0o020000, { major: 0, minor: 0 })
  native().setXattr(join(change.upper, 'opt/hidden'), 'trusted.overlay.opaque', Buffer.from('y'))
  writeFileSync(join(change.upper, 'opt/hidden/z'), 'z')
  return await store.commitImage(config, [base.publish().id, change.publish().id], {})
}

const paths = [
  '/',
  '/etc',
  '/etc/cap',
  '/etc/conf',
  '/etc/conf2',
  '/etc/link',
  '/opt',
  '/opt/hidden',
  '/opt/hidden/z',
]

async function saveTo(file: string, store: Store, names: readonly string[]): Promise<void> {
  await pipeline(store.save(names, { emit: silent }), createWriteStream(file))
}

async function loadFrom(store: Store, file: string): Promise<readonly string[]> {
  return await store.load(createReadStream(file), { emit: silent })
}

function treeOf(store: Store, image: StoredImage): unknown {
  const tree = store.tree(image.layers)
  // Layers do not list the root, so its time is that of the unpacking.
  return [...tree.walk()].slice(1).map((entry) => ({
    ...entry,
    xattrs: tree.xattrs(entry.path),
    bytes: entry.kind === 'file' ? Buffer.from(tree.read(entry.path)) : null,
  }))
}

test('skopeo reads both faces of the archive, and we read what it writes', async () => {
  const store = tempStore()
  const image = await sampleImage(store)
  store.tag('devops-app:1', image.id)
  const folder = tempFolder()
  const archive = join(folder, 'saved.tar')
  await saveTo(archive, store, ['devops-app:1'])
  for (const from of [`docker-archive:${archive}`, `oci-archive:${archive}`]) {
    const read = JSON.parse(runPeer('skopeo', ['inspect', '--config', from]).toString())
    expect(read).toEqual(JSON.parse(JSON.stringify(image.config)))
    for (const kind of ['docker-archive', 'oci-archive']) {
      const copy = join(folder, `${from.split(':')[0]}-${kind}.tar`)
      runPeer('skopeo', ['copy', from, `${kind}:${copy}:example.com/copy:2`])
      const other = tempStore()
      expect(await loadFrom(other, copy)).toEqual(['example.com/copy:2'])
      const loaded = other.findImage('example.com/copy:2')
      // skopeo writes the configuration anew where it changes formats; the layers cannot change.
      expect(loaded?.config.rootfs).toEqual(image.config.rootfs)
      expect(loaded && treeOf(other, loaded)).toEqual(treeOf(store, image))
      expect(await other.fsck({})).toEqual([])
      const bytes = await collect(other.packLayer(loaded?.layers[1] ?? image.layers[0]!, {}))
      expect(sha256(bytes)).toBe(image.config.rootfs.diff_ids[1])
    }
  }
})

test('umoci unpacks a saved image to the tree that we see', async () => {
  const store = tempStore()
  const image = await sampleImage(store)
  store.tag('devops-app:1', image.id)
  const folder = tempFolder()
  await saveTo(join(folder, 'saved.tar'), store, ['devops-app:1'])
  const layout = join(folder, 'layout')
  mkdirSync(layout)
  execFileSync('tar', ['-xf', join(folder, 'saved.tar'), '-C', layout])
  runPeer('umoci', ['unpack', '--image', `${layout}:1`, join(folder, 'bundle')])
  const root = join(folder, 'bundle/rootfs')
  const found = execFileSync('find', ['.'], { cwd: root }).toString().trim().split('\n')
  expect(found.map((path) => path.slice(1) || '/').sort(byCodeUnit)).toEqual(paths)
  expect(readFileSync(join(root, 'etc/conf2'), 'utf8')).toBe('two')
  const tree = store.tree(image.layers)
  expect([...tree.walk()].map(({ path }) => path)).toEqual(paths)
})

test('saving twice gives the same bytes; several names are one image', async () => {
  const store = tempStore()
  const image = await sampleImage(store)
  store.tag('a:1', image.id)
  store.tag('localhost:5000/b', image.id)
  const names = ['a:1', 'localhost:5000/b', image.id]
  const first = await collect(store.save(names, { emit: silent }))
  expect(await collect(store.save(names, { emit: silent }))).toEqual(first)
  expect(store.findImage(image.id)?.manifest).toMatch(/^sha256:/)
  const other = tempStore()
  expect(
    [...(await other.load(inPieces(gzipSync(first), 5000), { emit: silent }))].sort(byCodeUnit),
  ).toEqual(['a:1', 'localhost:5000/b:latest'])
  expect(other.images().map(({ id, tags }) => ({ id, tags }))).toEqual([
    { id: image.id, tags: ['a:1', 'localhost:5000/b:latest'] },
  ])
})

/** An archive as `docker save` wrote it before it knew OCI, with a layer that is named twice. */
function oldDockerArchive(): { members: Member[]; config: string } {
  const layer = tarOf([{ name: 'a', body: 'a' }])
  const document = JSON.stringify({
    architecture: config.architecture,
    os: 'linux',
    config: null,
    rootfs: { type: 'layers', diff_ids: [sha256(layer), sha256(layer)] },
  })
  const configName = `${digestHex(sha256(document))}.json`
  return {
    config: document,
    members: [
      { name: '111/', kind: 'dir' },
      { name: '111/layer.tar', body: layer },
      { name: '222/layer.tar', kind: 'symlink', link: '../111/layer.tar' },
      { name: configName, body: document },
      {
        name: 'manifest.json',
        body: JSON.stringify([
          { Config: configName, RepoTags: ['old:1'], Layers: ['111/layer.tar', '222/layer.tar'] },
        ]),
      },
    ],
  }
}

test('archives of old Docker load: symlinked layers, null configuration', async () => {
  const store = tempStore()
  const { members, config: document } = oldDockerArchive()
  expect(await store.load(inPieces(tarOf(members)), { emit: silent })).toEqual(['old:1'])
  expect(store.findImage('old:1')?.id).toBe(sha256(document))
  expect(await store.fsck({})).toEqual([])
})

test.each<[string, (members: Member[]) => Member[]]>([
  ['no manifest', (all) => all.slice(0, 4)],
  ['a missing layer', (all) => all.filter(({ name }) => name !== '111/layer.tar')],
  [
    'a loop of links',
    (all) =>
      all.map((m) =>
        m.name === '111/layer.tar'
          ? { name: m.name, kind: 'symlink', link: '../222/layer.tar' }
          : m,
      ),
  ],
  [
    'a manifest over 4 MiB',
    (all) =>
      all.map((m) => (m.name === 'manifest.json' ? { ...m, body: `${' '.repeat(5 << 20)}[]` } : m)),
  ],
  [
    'a manifest that is no JSON',
    (all) => all.map((m) => (m.name === 'manifest.json' ? { ...m, body: '{' } : m)),
  ],
  [
    'an empty manifest',
    (all) => all.map((m) => (m.name === 'manifest.json' ? { ...m, body: '[]' } : m)),
  ],
  [
    'fewer layers than diffIDs',
    (all) =>
      all.map((m) =>
        m.name === 'manifest.json'
          ? { ...m, body: String(m.body).replace(',"222/layer.tar"', '') }
          : m,
      ),
  ],
])('refused: %s', async (_, change) => {
  const store = tempStore()
  const tar = tarOf(change(oldDockerArchive().members))
  await expect(store.load(inPieces(tar), { emit: silent })).rejects.toMatchObject({
    code: 'ARCHIVE_INVALID',
  })
  expect(store.images()).toEqual([])
  expect(await store.fsck({})).toEqual([])
})

test('a layer that is not the one its configuration names is refused', async () => {
  const store = tempStore()
  const members = oldDockerArchive().members.map((m) =>
    m.name === '111/layer.tar' ? { ...m, body: tarOf([{ name: 'evil' }]) } : m,
  )
  await expect(store.load(inPieces(tarOf(members)), { emit: silent })).rejects.toMatchObject({
    code: 'DIGEST_MISMATCH',
  })
  expect(store.images()).toEqual([])
})

test.each<[string, (index: string, manifest: string) => { index: string; manifest?: string }]>([
  [
    'a digest that is a path',
    (index) => ({ index: index.replace(/sha256:[0-9a-f]{64}/, 'sha256:../../x') }),
  ],
  ['a blob with other content', (index, manifest) => ({ index, manifest: `${manifest} ` })],
  ['an index that names itself', () => ({ index: '' })],
  [
    'a manifest that is an index too',
    (index, manifest) => {
      const both = manifest.replace('{', '{"manifests":[],')
      return { index: index.replace(/sha256:[0-9a-f]{64}/, sha256(both)), manifest: both }
    },
  ],
])('refused in an OCI layout: %s', async (_, change) => {
  const manifest = '{"schemaVersion":2,"config":{},"layers":[]}'
  const mediaType = 'application/vnd.oci.image.manifest.v1+json'
  const index = JSON.stringify({
    schemaVersion: 2,
    manifests: [{ mediaType, digest: sha256(manifest), size: 1 }],
  })
  const changed = change(index, manifest)
  const stored = changed.manifest ?? manifest
  const at = /sha256:[0-9a-f]{64}/.exec(changed.index)?.[0] ?? sha256(stored)
  // An index cannot hold its own digest: what can be tried is one that is nested without end.
  const nested = (depth: number): string =>
    depth === 0
      ? index
      : JSON.stringify({
          schemaVersion: 2,
          manifests: [
            {
              mediaType: 'application/vnd.oci.image.index.v1+json',
              digest: sha256(nested(depth - 1)),
              size: 1,
            },
          ],
        })
  const members: Member[] =
    changed.index === ''
      ? [...Array(6).keys()]
          .map((depth) => ({
            name: `blobs/sha256/${digestHex(sha256(nested(depth)))}`,
            body: nested(depth),
          }))
          .concat({ name: 'index.json', body: nested(6) })
      : [
          { name: `blobs/${at.replace(':', '/')}`, body: stored },
          { name: 'index.json', body: changed.index },
        ]
  const store = tempStore()
  await expect(store.load(inPieces(tarOf(members)), { emit: silent })).rejects.toMatchObject({
    code: 'ARCHIVE_INVALID',
  })
  expect(await store.fsck({})).toEqual([])
})
