import { lstatSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import * as zlib from 'node:zlib'
import { expect, test } from 'vitest'
import { tempFolder, tempStore } from '../../test/support/temp-store.ts'
import { silent } from '../base/index.ts'
import type { StoredImage } from '../build/index.ts'
import { byCodeUnit } from '../image/index.ts'
import type { Store } from '../store/index.ts'
import { parseOutput } from './output-spec.ts'
import { unpackArchive, writeTree } from './write-folder.ts'

const parse = (text: string) => parseOutput(text, (name) => (name === 'none' ? name : undefined))

test('--output as buildx writes it', () => {
  expect(parse('out')).toEqual({ type: 'local', dest: 'out' })
  expect(parse('-')).toEqual({ type: 'tar', dest: '-' })
  expect(parse('type=docker')).toEqual({ type: 'engine' })
  expect(parse('type=oci,dest=a.tar,tar=false,name=x:1,compression=none')).toEqual({
    ...{ type: 'archive', form: 'oci', dest: 'a.tar', folder: true, names: ['x:1'] },
    compression: 'none',
  })
  expect(parse('type=image,push=true,name=h/x')).toEqual({ type: 'registry', names: ['h/x'] })
  expect(parse('type=image')).toEqual({ type: 'store' })
})

test('annotations of one output', () => {
  const annotations = { 'org.opencontainers.image.title': 'a=b', c: '' }
  const given = 'annotation.org.opencontainers.image.title=a=b,annotation-manifest.c='
  expect(parse(`type=oci,dest=a.tar,${given}`)).toMatchObject({ annotations })
  expect(parse(`type=registry,name=h/x,${given}`)).toMatchObject({ annotations })
  for (const type of ['docker,dest=a.tar', 'tar,dest=a.tar', 'image', 'docker'])
    expect(() => parse(`type=${type},${given}`)).toThrow(/no manifest/)
})

test.each([
  'type=oci',
  'type=tar',
  'type=oci,dest=a,annotation-index.a=b',
  'type=oci,dest=a,rewrite-timestamp=true',
  'type=nix,dest=a',
  'dest=a',
  'type=local,dest=a,shape=round',
])('--output %s is refused', (text) =>
  expect(() => parse(text)).toThrow(expect.objectContaining({ code: 'USAGE' })),
)

async function sample(store: Store): Promise<StoredImage> {
  const draft = store.draftLayer()
  mkdirSync(join(draft.upper, 'way'))
  writeFileSync(join(draft.upper, 'way/file'), 'text', { mode: 0o640 })
  symlinkSync('way', join(draft.upper, 'link'))
  const config = { architecture: 'amd64', os: 'linux', created: '2026-01-01T00:00:00Z' } as const
  const { id } = draft.publish()
  return store.commitImage({ ...config, config: {}, history: [] }, [id], {})
}

test.each([
  ['none', 'none'],
  ['gzip', { algorithm: 'gzip', level: null }],
  ...('zstdCompressSync' in zlib ? [['zstd', { algorithm: 'zstd', level: null }] as const] : []),
] as const)('a layout in a folder, %s, is loaded again', async (kind, compression) => {
  const store = tempStore()
  const image = await sample(store)
  const dir = join(tempFolder(), 'layout')
  const annotations = { title: 'one' }
  const options = { emit: silent, form: 'oci', names: ['a:1'], compression, annotations } as const
  await unpackArchive(store.save([image.id], options), dir)
  const index = JSON.parse(readFileSync(join(dir, 'index.json'), 'utf8'))
  const manifest = JSON.parse(
    readFileSync(join(dir, 'blobs', index.manifests[0].digest.replace(':', '/')), 'utf8'),
  )
  expect(manifest.annotations).toEqual(annotations)
  const ending = kind === 'none' ? /\.tar$/ : new RegExp(`\\.tar\\+${kind}$`)
  expect(manifest.layers[0].mediaType).toMatch(ending)
  expect(lstatSync(join(dir, 'manifest.json'), { throwIfNoEntry: false })).toBeUndefined()
  const other = tempStore()
  expect(await other.load({ dir }, { emit: silent })).toEqual(['a:1'])
  expect(other.findImage('a:1')?.id).toBe(image.id)
  expect(await other.fsck({})).toEqual([])
  // A blob that is not what its name says is not believed.
  writeFileSync(join(dir, 'blobs', manifest.layers[0].digest.replace(':', '/')), 'other')
  await expect(tempStore().load({ dir }, { emit: silent })).rejects.toMatchObject({
    code: 'ARCHIVE_INVALID',
  })
})

test('files in a folder: a link that lies where a directory belongs leads nowhere', async () => {
  const store = tempStore()
  const image = await sample(store)
  const [dest, elsewhere] = [join(tempFolder(), 'out'), tempFolder()]
  mkdirSync(dest)
  symlinkSync(elsewhere, join(dest, 'way'))
  writeFileSync(join(dest, 'mine'), 'stays')
  const signal = new AbortController().signal
  for (let times = 0; times < 2; times++) await writeTree(store.tree(image.layers), dest, signal)
  expect(readFileSync(join(dest, 'way/file'), 'utf8')).toBe('text')
  expect(lstatSync(join(dest, 'way/file')).mode & 0o7777).toBe(0o640)
  expect(lstatSync(join(elsewhere, 'file'), { throwIfNoEntry: false })).toBeUndefined()
  expect(readFileSync(join(dest, 'mine'), 'utf8')).toBe('stays')
  expect([...store.tree(image.layers).walk()].map(({ path }) => path).sort(byCodeUnit)).toEqual([
    '/',
    '/link',
    '/way',
    '/way/file',
  ])
})
