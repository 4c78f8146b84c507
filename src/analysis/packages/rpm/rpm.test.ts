import { execFileSync } from 'node:child_process'
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { hostTree } from '../../../../test/support/host-tree.ts'
import { memoryTree } from '../../../../test/support/memory-tree.ts'
import { rpmQuery, rpmSystem, rpmTool } from '../../../../test/support/rpm.ts'
import { rowsOf } from '../../sqlite/index.ts'
import type { PackageDatabase } from '../../types.ts'
import { readRpm } from './index.ts'

/** A database that rpm itself has made, and the other formats with the same headers: rpm says what is in them. */

const spec = (name: string, more: string, files = ''): string => `Name: ${name}
Version: 1.2
Release: 3
Summary: ${name}
License: None
AutoReqProv: no
${more}
%description
${name}
%install
mkdir -p %{buildroot}/usr/share/${name} %{buildroot}/usr/bin %{buildroot}/var/log
mkdir -p %{buildroot}/usr/share/doc/${name} %{buildroot}/usr/share/licenses/${name}
seq 1 120 | while read n; do echo $n >%{buildroot}/usr/share/${name}/$n; done
echo '#!/bin/sh' >%{buildroot}/usr/bin/${name}
touch %{buildroot}/var/log/${name}.log %{buildroot}/var/log/${name}.old
echo read >%{buildroot}/usr/share/doc/${name}/README
echo may >%{buildroot}/usr/share/licenses/${name}/COPYING
%files
/usr/share/${name}
/usr/bin/${name}
%doc /usr/share/doc/${name}/README
%license /usr/share/licenses/${name}/COPYING
%ghost /var/log/${name}.log
%ghost /var/log/${name}.old
${files}
`

let root: string
let folder: string
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'jettison-rpm-'))
  root = rpmSystem(folder, {
    greeting: spec(
      'greeting',
      'Epoch: 2\nBuildArch: noarch\nRequires: answer >= 1, /bin/sh, (libx.so.1()(64bit) or other >= 2), (more if answer)\nProvides: hello = 7\nRecommends: aside > 1',
    ),
    answer: spec('answer', 'Group: Applications/Text'),
    // Small enough for a page of a hash table, where the others need a chain of them.
    small:
      'Name: small\nVersion: 0\nRelease: 1\nSummary: x\nLicense: None\n%description\nx\n%files\n',
  })
  // Ghosts exist when a program has made them.
  mkdirSync(join(root, 'var/log'), { recursive: true })
  writeFileSync(join(root, 'var/log/greeting.log'), 'made')
})

afterAll(() => rmSync(folder, { recursive: true, force: true }))

const there = '%{NAME}|%{EPOCHNUM}|%{VERSION}-%{RELEASE}|%{ARCH}|%{SOURCERPM}\n'
const told = (database: PackageDatabase | undefined): readonly string[] =>
  [...(database?.packages.values() ?? [])].map(({ name, version, arch, source }) => {
    const [, epoch = '0', rest] = /^(?:(\d+):)?(.*)$/.exec(version) ?? []
    return `${name}|${epoch}|${rest}|${arch}|${source}-${rest}.src.rpm`
  })

test('packages, versions, architectures and sources are those that rpm lists', () => {
  const listed = rpmQuery(join(root, 'var/lib/rpm'), there)
  expect(listed.length).toBeGreaterThan(2)
  expect(new Set(told(readRpm(hostTree(root))))).toEqual(new Set(listed))
})

test('owners and marks of files are those that rpm names', () => {
  const tree = hostTree(root)
  const database = readRpm(tree)
  const lines = rpmQuery(
    join(root, 'var/lib/rpm'),
    '[%{=NAME}\t%{FILENAMES}\t%{FILEFLAGS:fflags}\n]',
  ).map((line) => line.split('\t') as [string, string, string])
  const files = lines.filter(([, path]) => tree.lookup(path)?.kind === 'file')
  const marks = files.map(([, path, flags]) => [
    path,
    flags.includes('l') ? 'licence' : flags.includes('d') ? 'documentation' : undefined,
  ])
  expect(files.length).toBeGreaterThan(240)
  expect(files.map(([, path]) => [database?.ownerOf(path)?.name, path])).toEqual(
    files.map(([name, path]) => [name, path]),
  )
  expect(files.map(([, path]) => [path, database?.markOf?.(path)])).toEqual(marks)
  expect(new Set(marks.map(([, mark]) => mark))).toEqual(
    new Set([undefined, 'licence', 'documentation']),
  )
  const read = [...(database?.packages.values() ?? [])].flatMap((one) => one.files)
  expect(new Set(read)).toEqual(new Set(files.map(([, path]) => path)))
  expect(read).toContain('/var/log/greeting.log')
})

test('what a package requires is a list of clauses', () => {
  const { depends, recommends, provides } = readRpm(hostTree(root))?.packages.get('greeting') ?? {}
  expect(depends).toEqual(
    expect.arrayContaining([['answer'], ['/bin/sh'], ['libx.so.1()(64bit)', 'other'], ['more']]),
  )
  expect(depends?.flat().filter((name) => /rpmlib|[<>=]/.test(name))).toEqual([])
  expect(recommends).toEqual([['aside']])
  expect(provides).toContain('hello')
})

/** Headers by package number, as the database has them. */
function headers(): readonly (readonly [number, Uint8Array])[] {
  const bytes = readFileSync(join(root, 'var/lib/rpm/rpmdb.sqlite'))
  const rows = rowsOf((offset, length) => bytes.subarray(offset, offset + length), 'Packages')
  return (rows ?? []).map(([key, blob]) => [Number(key), blob as Uint8Array])
}

/** A root with another database; of the files only the ghost that has been made. */
function rootWith(file: string, write: (path: string) => void): string {
  const other = mkdtempSync(join(folder, `${file}-`))
  mkdirSync(join(other, 'var/lib/rpm'), { recursive: true })
  mkdirSync(join(other, 'var/log'))
  writeFileSync(join(other, 'var/log/greeting.log'), 'made')
  write(join(other, 'var/lib/rpm', file))
  return other
}

/** Berkeley DB writes the table; keys and values are in hexadecimal digits. */
function berkeley(path: string, pageSize: number): void {
  const word = (number: number): string => {
    const bytes = Buffer.alloc(4)
    bytes.writeUInt32LE(number)
    return bytes.toString('hex')
  }
  const rows = [[0, word(99)] as const].concat(
    headers().map(([key, blob]) => [key, Buffer.from(blob).toString('hex')]) as never,
  )
  rpmTool(
    'db5.3_load',
    [path],
    [
      'VERSION=3\nformat=bytevalue\ntype=hash',
      `db_pagesize=${pageSize}\nHEADER=END`,
      ...rows.flatMap(([key, value]) => [` ${word(key)}`, ` ${value}`]),
      'DATA=END\n',
    ].join('\n'),
  )
}

test.each([512, 4096, 65_536])('a Berkeley DB with pages of %i bytes', (pageSize) => {
  const other = rootWith('Packages', (path) => berkeley(path, pageSize))
  const database = readRpm(hostTree(other))
  const backend = ['--define', '_db_backend bdb_ro', '--dbpath', join(other, 'var/lib/rpm')]
  const listed = rpmTool('rpm', [...backend, '-qa', '--qf', there])
    .trim()
    .split('\n')
  expect(new Set(told(database))).toEqual(new Set(listed))
  expect(database?.packages).toEqual(new Map([...(inSqlite()?.packages ?? [])]))
})

const inSqlite = (): PackageDatabase | undefined => readRpm(hostTree(root))

/** As SUSE's rpm writes it: a page of slots, then the headers, each between its own head and a checksum. */
function ndb(): Buffer {
  const slots = Buffer.alloc(4096)
  slots.write('RpmP')
  slots.writeUInt32LE(1, 12)
  for (let at = 32; at < 4096; at += 16) slots.write('Slot', at)
  const blobs: Buffer[] = []
  let block = 4096 / 16
  for (const [index, [number, header]] of headers().entries()) {
    const size = Math.ceil((16 + header.length + 12) / 16)
    const blob = Buffer.alloc(size * 16)
    blob.write('BlbS')
    blob.writeUInt32LE(number, 4)
    blob.writeUInt32LE(header.length, 12)
    blob.set(header, 16)
    blob.write('BlbE', blob.length - 4)
    // The second slot is free, as after an erased package.
    const slot = 32 + (index === 0 ? 0 : index + 1) * 16
    for (const [field, value] of [number, block, size].entries())
      slots.writeUInt32LE(value, slot + 4 + field * 4)
    blobs.push(blob)
    block += size
  }
  return Buffer.concat([slots, ...blobs])
}

test('the format of SUSE', () => {
  const other = rootWith('Packages.db', (path) => writeFileSync(path, ndb()))
  expect(readRpm(hostTree(other))?.packages).toEqual(inSqlite()?.packages)
})

test('damaged databases are none, and are not read beyond their end', () => {
  const read = (file: string, bytes: Uint8Array): unknown =>
    readRpm(memoryTree([{ [`/var/lib/rpm/${file}`]: bytes }]))
  const whole = ndb()
  expect(read('Packages.db', whole)).toBeDefined()
  for (const end of [0, 3, 4000, 4096, whole.length - 4096])
    expect(read('Packages.db', whole.subarray(0, end)), `${end}`).toBeUndefined()
  const path = join(folder, 'table')
  berkeley(path, 512)
  const table = readFileSync(path)
  expect(read('Packages', table)).toBeDefined()
  expect(read('Packages', table.subarray(0, table.length / 2))).toBeUndefined()
  // A chain of overflow pages that leads back to its first page.
  for (let page = 512; page < table.length; page += 512)
    if (table[page + 25] === 7) table.writeUInt32LE(page / 512, page + 16)
  expect(() => read('Packages', table)).not.toThrow()
})

test('no change of a few bytes makes a reader throw', () => {
  const path = join(folder, 'changed')
  berkeley(path, 512)
  const databases = {
    'Packages.db': ndb(),
    Packages: readFileSync(path),
    'rpmdb.sqlite': readFileSync(join(root, 'var/lib/rpm/rpmdb.sqlite')),
  }
  const change = fc.tuple(fc.nat(), fc.nat(255))
  const file = fc.constantFrom(...(Object.keys(databases) as (keyof typeof databases)[]))
  fc.assert(
    fc.property(file, fc.array(change, { minLength: 1, maxLength: 40 }), (name, changes) => {
      const bytes = Buffer.from(databases[name])
      // Half of them in the first page, where everything else is found from.
      for (const [at, value] of changes) bytes[at % (value % 2 ? bytes.length : 512)] = value
      const tree = memoryTree([{ [`/var/lib/rpm/${name}`]: bytes }])
      expect(() => readRpm(tree)).not.toThrow()
    }),
    { numRuns: 150 },
  )
})

const python = '/usr/bin/python3'

test.skipIf(!existsSync(python))('what is in the write-ahead log only is read', () => {
  const other = rootWith('rpmdb.sqlite', (path) => {
    copyFileSync(join(root, 'var/lib/rpm/rpmdb.sqlite'), path)
    const script = `
import os, sqlite3, sys
db = sqlite3.connect(sys.argv[1])
db.execute("pragma journal_mode=wal")
db.execute("delete from Packages where hnum = (select min(hnum) from Packages)")
db.commit()
os._exit(0)
`
    execFileSync(python, ['-c', script, path])
  })
  const [gone, ...left] = [...(inSqlite()?.packages.keys() ?? [])]
  expect(gone).toBeDefined()
  expect([...(readRpm(hostTree(other))?.packages.keys() ?? [])]).toEqual(left)
  rmSync(join(other, 'var/lib/rpm/rpmdb.sqlite-wal'))
  expect(readRpm(hostTree(other))?.packages.has(gone ?? '')).toBe(true)
})

test('the list of a distroless image', () => {
  const format =
    '%{NAME}\t%{VERSION}-%{RELEASE}\t%{INSTALLTIME}\t%{BUILDTIME}\t%{VENDOR}\t(none)\t%{SIZE}\t%{ARCH}\t%{EPOCHNUM}\t%{SOURCERPM}\n'
  const lines = rpmQuery(join(root, 'var/lib/rpm'), format)
  const database = readRpm(
    memoryTree([{ '/var/lib/rpmmanifest/container-manifest-2': `${lines.join('\n')}\n` }]),
  )
  expect(new Set(told(database))).toEqual(new Set(rpmQuery(join(root, 'var/lib/rpm'), there)))
  expect(database?.ownerOf('/usr/bin/greeting')).toBeUndefined()
})
