import { execFileSync } from 'node:child_process'
import {
  chmodSync,
  linkSync,
  lstatSync,
  mkdirSync,
  readFileSync,
  readlinkSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { collect, inPieces, tarOf, tempFolder } from '../../../test/support/temp-store.ts'
import type { TarHeader } from './header.ts'
import type { TarLimits } from './member-headers.ts'
import { readTar, scanTar } from './read.ts'

type Read = { readonly header: TarHeader; readonly body: Buffer }

async function readAll(bytes: Uint8Array, limits?: TarLimits, piece = 1000): Promise<Read[]> {
  const out: Read[] = []
  for await (const { header, body } of readTar(inPieces(bytes, piece), limits))
    out.push({ header, body: await collect(body) })
  return out
}

const long = `${'deep/'.repeat(40)}${'x'.repeat(120)}`

test('what the writer writes, the reader reads: any header', async () => {
  const name = fc
    .uint8Array({ minLength: 1, maxLength: 300, min: 1 })
    .map((bytes) => `n${Buffer.from(bytes).toString('hex')}`.slice(0, bytes.length + 1))
  const header = fc.record({
    name: fc.oneof(
      name,
      fc.string({ unit: 'binary', minLength: 1, maxLength: 60 }),
      fc.constant(long),
    ),
    mode: fc.integer({ min: 0, max: 0o7777 }),
    uid: fc.nat(2 ** 32 - 2),
    gid: fc.nat(2 ** 32 - 2),
    mtime: fc.integer({ min: -(2 ** 31), max: 2 ** 40 }),
    xattrs: fc.dictionary(
      fc.constantFrom('user.a', 'security.capability'),
      fc.uint8Array({ maxLength: 40 }),
    ),
    body: fc.uint8Array({ maxLength: 1500 }),
  })
  await fc.assert(
    fc.asyncProperty(
      fc.array(header, { maxLength: 4 }),
      fc.integer({ min: 1, max: 2000 }),
      async (all, piece) => {
        // A NUL ends a name in ustar, and a trailing slash makes it a directory.
        const clean = all.map((each) => ({
          ...each,
          name:
            each.name.replace(/[\0/]+/g, '_').slice(0, 200) +
            (each.name === long ? `/${long}` : ''),
          xattrs: new Map(Object.entries(each.xattrs)),
        }))
        const read = await readAll(tarOf(clean), undefined, piece)
        expect(
          read.map(({ header: h, body }) => ({
            ...h,
            body: Buffer.from(body),
            xattrs: [...(h.xattrs ?? [])].sort((a, b) => (a < b ? -1 : 1)),
          })),
        ).toEqual(
          clean.map(({ body, ...h }) => ({
            ...h,
            kind: 'file',
            size: body.length,
            body: Buffer.from(body),
            xattrs: [...h.xattrs]
              .map(([k, v]) => [k, Uint8Array.from(v)])
              .sort((a, b) => (a < b ? -1 : 1)),
          })),
        )
      },
    ),
    { numRuns: 200 },
  )
})

test('what can be read anywhere is scanned to the same members', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(
        fc.record({
          name: fc.string({ minLength: 1, maxLength: 180 }),
          mtime: fc.nat(),
          body: fc.uint8Array({ maxLength: 1500 }),
        }),
      ),
      async (members) => {
        const clean = members.map((each) => ({
          ...each,
          name: `d/${each.name.replace(/[\0/]+/g, '_')}`,
        }))
        const archive = tarOf(clean)
        const source = {
          size: archive.length,
          readAt: (offset: number, length: number) => archive.subarray(offset, offset + length),
        }
        const scanned = [...scanTar(source)].map(({ header, offset }) => ({
          header,
          body: archive.subarray(offset, offset + header.size),
        }))
        expect(scanned).toEqual(await readAll(archive, undefined, 700))
        expect(scanned.length).toBe(clean.length)
      },
    ),
    { numRuns: 50 },
  )
})

test('a sum of signed bytes is right as well, and any other sum is wrong', async () => {
  const archive = tarOf([{ name: 'über', body: '' }])
  const bytes = [...archive.subarray(0, 512)].map((byte, at) => (at >= 148 && at < 156 ? 32 : byte))
  const signed = bytes.reduce((sum, byte) => sum + (byte > 127 ? byte - 256 : byte), 0)
  const sums = [signed, signed + 1]
  const [read, refused] = sums.map((sum) => {
    const changed = Buffer.from(archive)
    changed.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148, 'latin1')
    return readAll(changed)
  })
  expect((await read)?.map(({ header }) => header.name)).toEqual(['über'])
  await expect(refused).rejects.toThrow('checksum')
})

test('a file that its name makes a directory has no content that others would pass over', async () => {
  const asDirectory = (size: number): Buffer => {
    const archive = Buffer.from(tarOf([{ name: 'folder_', body: 'x'.repeat(size) }]))
    archive.write('/', 6)
    const sum = [...archive.subarray(0, 512)].reduce(
      (total, byte, at) => total + (at >= 148 && at < 156 ? 32 : byte),
      0,
    )
    archive.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148, 'latin1')
    return archive
  }
  expect((await readAll(asDirectory(0))).map(({ header }) => header.kind)).toEqual(['dir'])
  await expect(readAll(asDirectory(3))).rejects.toMatchObject({ code: 'TAR_INVALID' })
})

test('GNU tar reads ours', () => {
  const folder = tempFolder()
  const archive = tarOf([
    { name: 'd', kind: 'dir', mode: 0o1777, mtime: 1_000_000_000 },
    { name: 'd/file', body: 'hello', mode: 0o4755, uid: 12, gid: 34, mtime: 1_234_567_890 },
    { name: 'd/hard', kind: 'hardlink', link: 'd/file' },
    { name: 'd/soft', kind: 'symlink', link: `../${'y'.repeat(200)}` },
    { name: long, body: 'long' },
    { name: 'ünï', body: 'utf8' },
    { name: 'attr', body: '', xattrs: new Map([['user.bin', Buffer.from([0, 10, 61, 255])]]) },
    { name: 'big-owner', body: '', uid: 3_000_000, gid: 4_000_000_000 },
    { name: 'pipe', kind: 'fifo' },
    { name: 'null', kind: 'char', device: { major: 1, minor: 3 } },
  ])
  execFileSync('tar', ['-xp', '--xattrs', '--same-owner', '-C', folder], { input: archive })
  const file = lstatSync(join(folder, 'd/file'))
  expect([file.mode & 0o7777, file.uid, file.gid, file.mtimeMs]).toEqual([
    0o4755, 12, 34, 1_234_567_890_000,
  ])
  expect(lstatSync(join(folder, 'd/hard')).ino).toBe(file.ino)
  expect(readlinkSync(join(folder, 'd/soft'))).toBe(`../${'y'.repeat(200)}`)
  expect(lstatSync(join(folder, 'd')).mode & 0o7777).toBe(0o1777)
  expect(readFileSync(join(folder, long), 'utf8')).toBe('long')
  expect(readFileSync(join(folder, 'ünï'), 'utf8')).toBe('utf8')
  expect(lstatSync(join(folder, 'big-owner')).gid).toBe(4_000_000_000)
  expect(lstatSync(join(folder, 'pipe')).isFIFO()).toBe(true)
  expect(lstatSync(join(folder, 'null')).rdev).toBe(0x103)
  const attr = execFileSync('getfattr', [
    '--absolute-names',
    '--only-values',
    '-n',
    'user.bin',
    join(folder, 'attr'),
  ])
  expect([...attr]).toEqual([0, 10, 61, 255])
})

test.each(['gnu', 'posix', 'ustar', 'v7'])('we read GNU tar --format=%s', async (format) => {
  const folder = tempFolder()
  const path = format === 'gnu' || format === 'posix' ? long : 'short/file'
  mkdirSync(join(folder, path, '..'), { recursive: true })
  writeFileSync(join(folder, path), 'body'.repeat(1000))
  linkSync(join(folder, path), join(folder, 'hard'))
  symlinkSync(path, join(folder, 'soft'))
  writeFileSync(join(folder, 'plain'), '')
  chmodSync(join(folder, 'plain'), 0o2640)
  utimesSync(join(folder, 'plain'), 1_600_000_000.5, 1_600_000_000.5)
  const options = format === 'posix' ? ['--xattrs'] : []
  if (format === 'posix')
    execFileSync('setfattr', ['-n', 'user.k', '-v', '0x0a3d00', join(folder, 'plain')])
  const owner = format === 'gnu' || format === 'posix' ? 4_000_000_000 : 5
  const archive = execFileSync(
    'tar',
    [
      '-c',
      `--format=${format}`,
      '--sort=name',
      `--owner=x:${owner}`,
      '--group=y:7',
      ...options,
      '-C',
      folder,
      '.',
    ],
    { maxBuffer: 1 << 26 },
  )
  const members = new Map((await readAll(archive)).map((each) => [each.header.name, each]))
  expect(members.get('./plain')?.header).toMatchObject({
    kind: 'file',
    mode: 0o2640,
    uid: owner,
    gid: 7,
    mtime: 1_600_000_000,
  })
  const kinds = [`./${path}`, './hard'].map((name) => members.get(name)?.header.kind)
  expect(kinds.sort((a, b) => (String(a) < String(b) ? -1 : 1))).toEqual(['file', 'hardlink'])
  expect(members.get('./soft')?.header).toMatchObject({ kind: 'symlink', link: path })
  const file = [...members.values()].find(({ body }) => body.length > 0)
  expect(file?.body.toString()).toBe('body'.repeat(1000))
  if (format === 'posix')
    expect(members.get('./plain')?.header.xattrs).toEqual(
      new Map([['user.k', Uint8Array.from([10, 61, 0])]]),
    )
})

test.each(['gnu', 'posix'])('sparse files of GNU tar --format=%s are refused', async (format) => {
  const folder = tempFolder()
  writeFileSync(join(folder, 'hole'), '')
  execFileSync('truncate', ['-s', '10M', join(folder, 'hole')])
  const archive = execFileSync('tar', ['-cS', `--format=${format}`, '-C', folder, 'hole'])
  await expect(readAll(archive)).rejects.toMatchObject({ code: 'TAR_UNSUPPORTED' })
})

test('a global header holds until it is overridden', async () => {
  const folder = tempFolder()
  writeFileSync(join(folder, 'a'), 'a')
  const archive = execFileSync('tar', [
    ...['-c', '--format=posix', '--pax-option=globexthdr.name=g,mtime=42,SCHILY.xattr.user.g=v'],
    ...['-C', folder, 'a'],
  ])
  const [member] = await readAll(archive)
  expect(member?.header.xattrs).toEqual(new Map([['user.g', Uint8Array.from(Buffer.from('v'))]]))
})

test('owners that Linux can hold are read, others are refused', async () => {
  const of = (uid: number): Uint8Array =>
    tarOf([{ name: 'f', kind: 'file', mode: 0o644, uid, gid: 0, mtime: 0, body: 'x' }])
  const [largest] = await readAll(of(0xffff_fffe))
  expect(largest?.header.uid).toBe(0xffff_fffe)
  for (const uid of [0xffff_ffff, 2 ** 33, 2 ** 40])
    await expect(readAll(of(uid))).rejects.toMatchObject({ code: 'TAR_INVALID' })
})
