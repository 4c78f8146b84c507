import { execFileSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import {
  linkSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { startHttpStub } from '../../../test/support/http-stub.ts'
import { tarOf } from '../../../test/support/temp-store.ts'
import { silent } from '../../base/index.ts'
import { parseDigest, sha256 } from '../../image/index.ts'
import { type Adds, isGitSource, openAdds, openContext, urlFileName } from '../index.ts'

let top: string
let dir: string
let adds: Adds
const io = { step: 'add', emit: silent }

beforeEach(() => {
  top = mkdtempSync(join(tmpdir(), 'jettison-add-'))
  dir = join(top, 'ctx')
  mkdirSync(dir)
  adds = openAdds({ workDir: join(top, 'work') })
})
afterEach(() => {
  adds.close()
  expect(readdirSync(top).includes('work') ? readdirSync(join(top, 'work')) : []).toEqual([])
  rmSync(top, { recursive: true })
})

async function archive(name: string) {
  return await adds.archive(openContext({ dir, indexDir: join(top, 'index') }), `/${name}`, io)
}

function sample(): void {
  const files = join(top, 'files')
  mkdirSync(join(files, 'd'), { recursive: true })
  writeFileSync(join(files, 'a'), 'aaa', { mode: 0o640 })
  writeFileSync(join(files, 'd/big'), Buffer.alloc(3_000_000, 'x'))
  symlinkSync('/abs/target', join(files, 'link'))
  linkSync(join(files, 'a'), join(files, 'd/hard'))
}

test.each([
  ['tar', []],
  ['gzip', ['-z']],
  ['bzip2', ['-j']],
  ['xz', ['-J']],
  ['zstd', ['--zstd']],
] as const)('a %s made by GNU tar is unpacked, whatever its name', async (_, flags) => {
  sample()
  execFileSync('tar', [
    '-C',
    join(top, 'files'),
    '--owner=7',
    '--group=8',
    ...flags,
    '-cf',
    join(dir, 'x.txt'),
    'a',
    'd',
    'link',
  ])
  const source = await archive('x.txt')
  if (!source) throw new Error('not taken for an archive')
  expect([...source.tree.walk()].map(({ path }) => path)).toEqual([
    '/',
    '/a',
    '/d',
    '/d/big',
    '/d/hard',
    '/link',
  ])
  expect(source.tree.lookup('/a')).toMatchObject({
    kind: 'file',
    mode: 0o640,
    uid: 7,
    gid: 8,
    size: 3,
  })
  expect(source.tree.lookup('/link')).toMatchObject({ kind: 'symlink', link: '/abs/target' })
  expect(source.tree.lookup('/a')?.hardlinkGroup).toBe(source.tree.lookup('/d/hard')?.hardlinkGroup)
  expect(source.contentDigest('/d/hard')).toBe(sha256('aaa'))
  expect(source.contentDigest('/d/big')).toBe(sha256(Buffer.alloc(3_000_000, 'x')))
  expect(sha256(source.tree.read('/d/big'))).toBe(source.contentDigest('/d/big'))
  expect(Buffer.from(source.tree.read('/d/hard', { offset: 1, length: 9 })).toString()).toBe('aa')
  expect(() => source.contentDigest('/d')).toThrow('not a regular file')
  expect(source.hostPath('/d')).toBeNull()
})

test('what is no archive is left alone: texts named .tar, compressed texts, archives compressed twice', async () => {
  sample()
  writeFileSync(join(dir, 'text.tar'), 'hello')
  writeFileSync(join(dir, 'long.tar'), 'hello '.repeat(1000))
  writeFileSync(join(dir, 'zeros.tar'), Buffer.alloc(10_240))
  writeFileSync(join(dir, 'empty.tar'), '')
  execFileSync('tar', ['-C', join(top, 'files'), '-czf', join(dir, 'once'), 'a'])
  for (const [program, from, to] of [
    ['gzip', 'text.tar', 't.gz'],
    ['xz', 'text.tar', 't.xz'],
    ['bzip2', 'text.tar', 't.bz2'],
    ['gzip', 'once', 'twice.tgz'],
  ] as const)
    writeFileSync(join(dir, to), execFileSync(program, ['-c', join(dir, from)]))
  writeFileSync(join(dir, 'magic.gz'), Buffer.from([0x1f, 0x8b, 8, 0, 1, 2, 3]))
  for (const name of [
    'text.tar',
    'long.tar',
    'zeros.tar',
    'empty.tar',
    't.gz',
    't.xz',
    't.bz2',
    'twice.tgz',
    'magic.gz',
  ])
    expect(await archive(name), name).toBeNull()
})

test.each(['cf', 'czf', 'cJf'])('an archive (%s) that breaks off fails', async (flags) => {
  sample()
  writeFileSync(
    join(top, 'files/d/noise'),
    Buffer.concat(
      Array.from({ length: 5000 }, (_, n) => createHash('sha256').update(String(n)).digest()),
    ),
  )
  execFileSync('tar', ['-C', join(top, 'files'), `-${flags}`, join(dir, 'whole'), 'a', 'd'])
  const whole = readFileSync(join(dir, 'whole'))
  writeFileSync(join(dir, 'part'), whole.subarray(0, Math.floor(whole.length * 0.7)))
  await expect(archive('part')).rejects.toMatchObject({
    code: expect.stringMatching(/^(?:TAR_|ADD_ARCHIVE)/),
  })
})

test('names stay inside, links are followed inside, later members win', async () => {
  writeFileSync(
    join(dir, 'x'),
    tarOf([
      { name: '/abs/file', body: 'abs' },
      { name: './dot/./file', body: 'dot' },
      { name: 'real', kind: 'dir', mode: 0o755, size: 0 },
      { name: 'link', kind: 'symlink', link: '/real', size: 0 },
      { name: 'link/through', body: 'through' },
      { name: 'up', kind: 'symlink', link: '../../..', size: 0 },
      { name: 'up/etc', body: 'still inside' },
      { name: 'swap', kind: 'dir', size: 0 },
      { name: 'swap/gone', body: 'x' },
      { name: 'swap', body: 'a file now' },
    ]),
  )
  const source = await archive('x')
  const paths = [...(source?.tree.walk() ?? [])].map(({ path }) => path)
  expect(paths).toEqual([
    '/',
    '/abs',
    '/abs/file',
    '/dot',
    '/dot/file',
    '/etc',
    '/link',
    '/real',
    '/real/through',
    '/swap',
    '/up',
  ])
  expect(source?.contentDigest('/real/through')).toBe(sha256('through'))
})

test.each([
  [[{ name: '../out', body: 'x' }]],
  [[{ name: 'a/../../out', body: 'x' }]],
  [
    [
      { name: 'ok', body: 'x' },
      { name: 'h', kind: 'hardlink' as const, link: '../ok', size: 0 },
    ],
  ],
  [[{ name: 'h', kind: 'hardlink' as const, link: 'missing', size: 0 }]],
])('%j is refused', async (members) => {
  writeFileSync(join(dir, 'x'), tarOf(members))
  await expect(archive('x')).rejects.toMatchObject({ code: 'ADD_ARCHIVE_INVALID' })
})

test('a download is a file named by its address, 0600, as old as the server says', async () => {
  const server = await startHttpStub((seen, response, host) => {
    if (seen.url === '/go')
      response.writeHead(302, { location: `http://${host}/dir/some%20file.bin?q` }).end()
    else if (seen.url.startsWith('/dir'))
      response.writeHead(200, { 'last-modified': 'Thu, 01 Jan 2015 00:00:00 GMT' }).end('content')
    else response.writeHead(404).end('nope')
  })
  try {
    const url = `http://${server.host}/dir/some%20file.bin?q`
    const { source, path } = await adds.url(url, { checksum: sha256('content') }, io)
    expect(path).toBe('/some file.bin')
    expect(source.tree.lookup(path)).toMatchObject({
      kind: 'file',
      mode: 0o600,
      uid: 0,
      gid: 0,
      size: 7,
      mtime: 1_420_070_400,
    })
    expect(source.contentDigest(path)).toBe(sha256('content'))
    expect(Buffer.from(source.tree.read(path)).toString()).toBe('content')
    expect(readFileSync(source.hostPath(path) ?? '', 'utf8')).toBe('content')
    expect((await adds.url(`http://${server.host}/go`, { checksum: null }, io)).path).toBe('/go')
    await adds.url(url, { checksum: sha256('content') }, io)
    expect(server.seen.filter((seen) => seen.url.startsWith('/dir')).length).toBe(2)
    await expect(
      adds.url(`http://${server.host}/missing`, { checksum: null }, io),
    ).rejects.toMatchObject({ code: 'ADD_URL_FAILED' })
    const wrong = parseDigest(`sha256:${'0'.repeat(64)}`)
    await expect(adds.url(url, { checksum: wrong }, io)).rejects.toMatchObject({
      code: 'DIGEST_MISMATCH',
    })
  } finally {
    await server.close()
  }
})

test.each([
  ['https://h/a/b.tar.gz?x=1#f', 'b.tar.gz'],
  ['https://h/a/', 'a'],
  ['https://h/', '__unnamed__'],
  ['https://h', '__unnamed__'],
  ['https://h/x%2F..', '__unnamed__'],
  ['https://h/a%2Fb', 'b'],
  ['https://h/%zz', '__unnamed__'],
  ['https://h/caf%C3%A9', 'café'],
])('%s is named %s', (url, name) => {
  expect(urlFileName(url)).toBe(name)
})

test('Git repositories are known and refused with a way out', async () => {
  for (const url of [
    'https://h/x.git',
    'https://h/x.git#main:sub',
    'git@h:x.git',
    'git://h/x',
    'ssh://git@h/x',
  ])
    expect(isGitSource(url)).toBe(true)
  for (const url of ['https://h/x', 'https://h/x.git/y', 'file.git'])
    expect(isGitSource(url)).toBe(false)
  await expect(adds.url('https://h.invalid/x.git', { checksum: null }, io)).rejects.toMatchObject({
    code: 'ADD_GIT_UNSUPPORTED',
  })
})
