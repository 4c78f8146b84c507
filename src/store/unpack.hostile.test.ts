import { execFileSync } from 'node:child_process'
import { existsSync, lstatSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { expect, test } from 'vitest'
import { collect, inPieces, type Member, tarOf, tempFolder } from '../../test/support/temp-store.ts'
import { byCodeUnit, type Digest, encodeTarHeader, sha256, type TreeEntry } from '../image/index.ts'
import { openStore, type Store } from './index.ts'

/** A store in a folder beside which there is something to protect. */
function place(): { readonly store: Store; readonly outside: string; unchanged(): void } {
  const folder = tempFolder()
  const outside = join(folder, 'outside')
  mkdirSync(outside)
  writeFileSync(join(outside, 'passwd'), 'root')
  const before = snapshot(outside)
  return {
    store: openStore(join(folder, 'store')),
    outside,
    unchanged: () => {
      expect(snapshot(outside)).toEqual(before)
      expect(readdirSync(folder).sort(byCodeUnit)).toEqual(['outside', 'store'])
    },
  }
}

function snapshot(folder: string): unknown {
  return ['.', ...readdirSync(folder, { recursive: true, encoding: 'utf8' })].map((name) => {
    const { mode, uid, size, mtimeMs, nlink } = lstatSync(join(folder, name))
    return { name, mode, uid, size, mtimeMs, nlink }
  })
}

async function unpack(store: Store, tar: Uint8Array): Promise<readonly TreeEntry[]> {
  const layer = await store.unpackLayer(inPieces(tar), { mediaType: 'tar' })
  return [...store.tree([layer.id]).walk()]
}

/** After a refusal nothing is visible and nothing is left to sweep but the trash. */
async function refusal(store: Store, tar: Uint8Array): Promise<string> {
  const error: unknown = await unpack(store, tar).then(
    () => 'accepted',
    (thrown: unknown) => thrown,
  )
  for (const folder of ['layers', 'drafts', 'tmp', 'blobs/sha256', 'diffids'])
    expect(readdirSync(join(store.root, folder))).toEqual([])
  expect(error).toMatchObject({ name: 'Fault' })
  return (error as { code: string }).code
}

test.each<[string, Member[], string]>([
  ['a path upward', [{ name: '../x' }], 'LAYER_PATH_INVALID'],
  ['a path upward in the middle', [{ name: 'a/../../x' }], 'LAYER_PATH_INVALID'],
  ['a path upward and back', [{ name: 'a/../x' }], 'LAYER_PATH_INVALID'],
  ['an absolute path upward', [{ name: '/../../x' }], 'LAYER_PATH_INVALID'],
  ['a file without a name', [{ name: './', kind: 'symlink', link: 'x' }], 'LAYER_PATH_INVALID'],
  ['a component over 255 bytes', [{ name: 'x'.repeat(300) }], 'LAYER_NAME_TOO_LONG'],
  ['3000 components', [{ name: 'x/'.repeat(3000) }], 'LAYER_PATH_INVALID'],
  ['a path over 4096 bytes', [{ name: `${'x'.repeat(200)}/`.repeat(30) }], 'LAYER_NAME_TOO_LONG'],
  ['a file below a file', [{ name: 'a' }, { name: 'a/b' }], 'LAYER_PARENT_INVALID'],
  [
    'a file below a loop',
    [{ name: 'a', kind: 'symlink', link: 'a' }, { name: 'a/b' }],
    'LAYER_LINK_LOOP',
  ],
  [
    'a hard link upward',
    [{ name: 'a', kind: 'hardlink', link: '../../../outside/passwd' }],
    'LAYER_PATH_INVALID',
  ],
  [
    'a hard link to nothing',
    [{ name: 'a', kind: 'hardlink', link: 'lower/file' }],
    'LAYER_LINK_INVALID',
  ],
  [
    'a hard link to a later file',
    [{ name: 'a', kind: 'hardlink', link: 'b' }, { name: 'b' }],
    'LAYER_LINK_INVALID',
  ],
  [
    'a hard link to a directory',
    [
      { name: 'd', kind: 'dir' },
      { name: 'a', kind: 'hardlink', link: 'd' },
    ],
    'LAYER_LINK_INVALID',
  ],
  ['a hard link to the root', [{ name: 'a', kind: 'hardlink', link: '/' }], 'LAYER_LINK_INVALID'],
  [
    'a hard link to a deletion',
    [{ name: '.wh.d' }, { name: 'a', kind: 'hardlink', link: 'd' }],
    'LAYER_LINK_INVALID',
  ],
  ['a deletion of nothing', [{ name: 'a/.wh.' }], 'LAYER_WHITEOUT_INVALID'],
  ['a deletion of .', [{ name: 'a/.wh..' }], 'LAYER_WHITEOUT_INVALID'],
  ['a deletion of ..', [{ name: 'a/.wh...' }], 'LAYER_WHITEOUT_INVALID'],
  ['a deletion of the root', [{ name: '.wh..wh..opq' }], 'LAYER_WHITEOUT_INVALID'],
  ['a file below a deletion', [{ name: '.wh.a/b' }], 'LAYER_WHITEOUT_INVALID'],
])('refused: %s', async (_, members, code) => {
  const { store, unchanged } = place()
  expect(await refusal(store, tarOf(members))).toBe(code)
  unchanged()
})

test.each<[string, Member[], string[]]>([
  ['absolute names', [{ name: '/etc/x' }, { name: '//./y' }], ['/', '/etc', '/etc/x', '/y']],
  [
    'backslashes and odd bytes',
    [{ name: 'a\\..\\b' }, { name: 'a\nb' }],
    ['/', '/a\nb', '/a\\..\\b'],
  ],
  [
    '300 components',
    [{ name: Array(300).fill('d').join('/') }],
    ['/', ...Array.from({ length: 300 }, (_, n) => '/d'.repeat(n + 1))],
  ],
  [
    'a write through an absolute link',
    [{ name: 'a', kind: 'symlink', link: '/etc' }, { name: 'a/passwd' }],
    ['/', '/a', '/etc', '/etc/passwd'],
  ],
  [
    'a write through links upward',
    [
      { name: 'c', kind: 'dir' },
      { name: 'c/up', kind: 'symlink', link: '../../../..' },
      { name: 'escape', kind: 'symlink', link: 'c/up/../../outside' },
      { name: 'escape/passwd', body: 'evil' },
      { name: 'stolen', kind: 'hardlink', link: 'escape/passwd' },
    ],
    ['/', '/c', '/c/up', '/escape', '/outside', '/outside/passwd', '/stolen'],
  ],
  [
    'a directory that becomes a link',
    [
      { name: 'd', kind: 'dir' },
      { name: 'd/sub', kind: 'dir', mtime: 5 },
      { name: 'd', kind: 'symlink', link: '/outside' },
      { name: 'd/sub/x' },
    ],
    ['/', '/d', '/outside', '/outside/sub', '/outside/sub/x'],
  ],
  [
    'a link that becomes a directory',
    [{ name: 'd', kind: 'symlink', link: '/outside' }, { name: 'd', kind: 'dir' }, { name: 'd/x' }],
    ['/', '/d', '/d/x'],
  ],
  [
    'a file over a link',
    [
      { name: 'l', kind: 'symlink', link: '/outside/passwd' },
      { name: 'l', body: 'evil' },
    ],
    ['/', '/l'],
  ],
  [
    'a deletion through a link',
    [{ name: 'l', kind: 'symlink', link: '/outside' }, { name: 'l/.wh.passwd' }],
    ['/', '/l', '/outside'],
  ],
  [
    'AUFS leftovers',
    [
      { name: '.wh..wh.plnk', kind: 'dir' },
      { name: '.wh..wh.plnk/1', body: 'x' },
      { name: '.wh..wh.foo' },
      { name: 'a' },
    ],
    ['/', '/a'],
  ],
  ['a deletion of what the layer adds, before', [{ name: '.wh.a' }, { name: 'a' }], ['/', '/a']],
  ['a deletion of what the layer adds, after', [{ name: 'a' }, { name: '.wh.a' }], ['/', '/a']],
  [
    'a file below a name that is deleted',
    [{ name: '.wh.d' }, { name: 'd/x' }],
    ['/', '/d', '/d/x'],
  ],
])('contained: %s', async (_, members, paths) => {
  const { store, unchanged } = place()
  const entries = await unpack(store, tarOf(members))
  expect(entries.map(({ path }) => path)).toEqual(paths)
  expect(await store.fsck({})).toEqual([])
  unchanged()
})

test('a name that is no UTF-8 is kept, and packed again', async () => {
  const { store } = place()
  const name = Buffer.from([0x61, 0xff, 0xfe, 0xc3, 0xa9])
  const header = Buffer.from(
    encodeTarHeader({
      name: 'aXXYY',
      kind: 'file',
      mode: 0o644,
      uid: 0,
      gid: 0,
      size: 0,
      mtime: 0,
    }),
  )
  name.copy(header, 0)
  fixChecksum(header)
  const layer = await store.unpackLayer(inPieces(Buffer.concat([header, Buffer.alloc(1024)])), {
    mediaType: 'tar',
  })
  const names = readdirSync(Buffer.from(store.layerPath(layer.id)), { encoding: 'buffer' })
  expect(names).toEqual([name])
  const [, entry] = [...store.tree([layer.id]).walk()]
  expect(entry && store.tree([layer.id]).lookup(entry.path)).toEqual(entry)
})

test('attributes of overlayfs and of the host are not taken from an archive', async () => {
  const { store } = place()
  const xattrs = new Map(
    [
      'trusted.overlay.opaque',
      'trusted.overlay.redirect',
      'user.overlay.opaque',
      'trusted.x',
      'security.selinux',
      'user.kept',
      'security.capability',
    ].map(
      (name) =>
        [
          name,
          name === 'security.capability'
            ? Buffer.from('0100000200040000000000000000000000000000', 'hex')
            : Buffer.from('y'),
        ] as const,
    ),
  )
  const layer = await store.unpackLayer(
    inPieces(
      tarOf([
        { name: 'd', kind: 'dir', xattrs: new Map([...xattrs].slice(0, 6)) },
        { name: 'f', xattrs },
      ]),
    ),
    { mediaType: 'tar' },
  )
  const tree = store.tree([layer.id])
  expect([...(tree.xattrs('/f')?.keys() ?? [])].sort(byCodeUnit)).toEqual([
    'security.capability',
    'user.kept',
  ])
  const dump = execFileSync('getfattr', [
    '-Rdm-',
    '--absolute-names',
    store.layerPath(layer.id),
  ]).toString()
  expect(dump).not.toMatch(/overlay|trusted|selinux/)
  expect(dump).toContain('user.kept')
})

test('devices, pipes, setuid and owners stay as they are', async () => {
  const { store } = place()
  const entries = await unpack(
    store,
    tarOf([
      { name: 'dev/null', kind: 'char', mode: 0o666, device: { major: 1, minor: 3 } },
      { name: 'dev/loop', kind: 'block', mode: 0o660, gid: 6, device: { major: 7, minor: 1 } },
      { name: 'pipe', kind: 'fifo', mode: 0o600 },
      { name: 'su', mode: 0o6755, uid: 1000, gid: 1001 },
    ]),
  )
  expect(entries.slice(2)).toMatchObject([
    { path: '/dev/loop', kind: 'block', mode: 0o660, gid: 6, device: { major: 7, minor: 1 } },
    { path: '/dev/null', kind: 'char', mode: 0o666, device: { major: 1, minor: 3 } },
    { path: '/pipe', kind: 'fifo', mode: 0o600 },
    { path: '/su', kind: 'file', mode: 0o6755, uid: 1000, gid: 1001 },
  ])
})

test.each<[string, (tar: Buffer) => Buffer, string]>([
  ['cut in a body', (tar) => tar.subarray(0, 700), 'TAR_TRUNCATED'],
  ['cut in a header', (tar) => tar.subarray(0, 300), 'TAR_TRUNCATED'],
  ['a wrong checksum', (tar) => Buffer.concat([Buffer.from('x'), tar.subarray(1)]), 'TAR_INVALID'],
  [
    'a negative size',
    (tar) => rewrite(tar, 124, Buffer.from([0xff, ...Array(11).fill(0xff)])),
    'TAR_INVALID',
  ],
  [
    'a size beyond all numbers',
    (tar) => rewrite(tar, 124, Buffer.from([0x80, ...Array(11).fill(0xff)])),
    'TAR_INVALID',
  ],
  [
    'a tebibyte that is not there',
    (tar) => rewrite(tar, 124, Buffer.from('77777777777\0')),
    'TAR_TRUNCATED',
  ],
  [
    'a pax header of a gibibyte',
    (tar) => rewrite(rewrite(tar, 124, Buffer.from('10000000000\0')), 156, Buffer.from('x')),
    'TAR_LIMIT',
  ],
  [
    'a GNU name of a gibibyte',
    (tar) => rewrite(rewrite(tar, 124, Buffer.from('10000000000\0')), 156, Buffer.from('L')),
    'TAR_LIMIT',
  ],
  [
    'a pax record that lies about its length',
    (tar) => rewrite(tar, 156, Buffer.from('x')),
    'TAR_INVALID',
  ],
  ['a member of no known type', (tar) => rewrite(tar, 156, Buffer.from('Z')), 'TAR_UNSUPPORTED'],
  ['a damaged gzip', (tar) => gzipSync(tar).fill(0, 30, 40), 'ARCHIVE_CORRUPT'],
  ['a cut gzip', (tar) => gzipSync(tar).subarray(0, 40), 'ARCHIVE_CORRUPT'],
])('refused: %s', async (_, damage, code) => {
  const { store } = place()
  const tar = tarOf([{ name: 'file', body: '9999 path=x\n'.repeat(50) }])
  expect(await refusal(store, damage(tar))).toBe(code)
})

test('a body behind a header-only member does not shift the archive', async () => {
  const { store } = place()
  const inner = tarOf([{ name: 'smuggled', body: 'x' }])
  const link = rewrite(
    Buffer.from(tarOf([{ name: 'l', kind: 'symlink', link: 't' }])),
    124,
    Buffer.from('00000002000\0'),
  )
  const entries = await unpack(store, Buffer.concat([link.subarray(0, 512), inner]))
  // As Go's archive/tar, and so Docker: such members have no body, whatever their size says.
  expect(entries.map(({ path }) => path)).toEqual(['/', '/l', '/smuggled'])
})

test('digests are compared before anything is visible', async () => {
  const tar = tarOf([{ name: 'a', body: 'a' }])
  const wrong = sha256('something else')
  for (const promise of [
    { diffId: wrong },
    { blob: wrong },
    { diffId: sha256(tar), blob: wrong },
  ]) {
    const { store } = place()
    const error: unknown = await store
      .unpackLayer(inPieces(tar), { mediaType: 'tar', ...promise })
      .catch((thrown: unknown) => thrown)
    expect(error).toMatchObject({ code: 'DIGEST_MISMATCH' })
    for (const folder of ['layers', 'drafts', 'tmp', 'blobs/sha256', 'diffids'])
      expect(readdirSync(join(store.root, folder))).toEqual([])
  }
})

test('a body of the wrong length or digest never becomes a blob', async () => {
  const { store } = place()
  const body = Buffer.from('0123456789')
  const digest = sha256(body)
  await expect(store.putBlob(inPieces(body, 3), { digest, size: 9 })).rejects.toMatchObject({
    code: 'SIZE_MISMATCH',
  })
  await expect(store.putBlob(inPieces(body, 3), { digest, size: 11 })).rejects.toMatchObject({
    code: 'SIZE_MISMATCH',
  })
  await expect(store.putBlob(body, { digest: sha256('x') })).rejects.toMatchObject({
    code: 'DIGEST_MISMATCH',
  })
  expect(readdirSync(join(store.root, 'blobs/sha256'))).toEqual([])
  expect(await store.putBlob(inPieces(body, 3), { digest, size: 10 })).toEqual({ digest, size: 10 })
  expect(await collect(store.readBlob(digest))).toEqual(body)
})

test.each([
  'sha256:../../x',
  `sha256:${'AB'.repeat(32)}`,
  `sha256:${'a'.repeat(63)}`,
  `sha512:${'a'.repeat(128)}`,
  '../../../etc/passwd',
])('the digest %s is no path', async (text) => {
  const { store } = place()
  const digest = text as Digest
  expect(() => store.hasBlob(digest)).toThrow(expect.objectContaining({ code: 'DIGEST_INVALID' }))
  await expect(collect(store.readBlob(digest))).rejects.toMatchObject({ code: 'DIGEST_INVALID' })
  expect(existsSync(join(store.root, 'x'))).toBe(false)
})

test('a cache id is no path', () => {
  const { store } = place()
  for (const id of ['../../x', '/etc', 'a/b', 'x'.repeat(10_000)])
    expect(join(store.cacheMount(id), '..')).toBe(join(store.root, 'caches'))
  expect(readFileSync(join(store.root, 'version'), 'utf8')).toContain('jettison')
})

function rewrite(tar: Buffer, at: number, field: Buffer): Buffer {
  const copy = Buffer.from(tar)
  field.copy(copy, at)
  fixChecksum(copy)
  return copy
}

function fixChecksum(tar: Buffer): void {
  tar.fill(0x20, 148, 156)
  const sum = tar.subarray(0, 512).reduce((total, byte) => total + byte, 0)
  tar.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148, 'latin1')
}
