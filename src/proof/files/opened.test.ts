import { expect, test } from 'vitest'
import type { Spec } from '../../../test/support/memory-tree.ts'
import { subjectOf } from '../../../test/support/subjects.ts'
import { tinyElf } from '../../../test/support/tiny-elf.ts'
import { type Side, sideOf } from '../side.ts'
import { missingOpenedFiles } from './opened.ts'

type Files = Readonly<Record<string, Spec>>

const status = `Package: locales-data
Status: install ok installed
Section: libs
Version: 1
Architecture: all

Package: gcc-12
Status: install ok installed
Section: devel
Version: 1
Architecture: amd64
`

const fatFiles: Files = {
  '/var/lib/dpkg/status': status,
  '/var/lib/dpkg/info/locales-data.list': '/usr/share/data/table\n/usr/bin/convert\n',
  '/var/lib/dpkg/info/gcc-12.list': '/usr/bin/gcc-12\n',
  '/usr/share/data/table': 'x',
  '/usr/bin/convert': { text: 'x', mode: 0o755 },
  '/usr/bin/gcc-12': { text: 'x', mode: 0o755 },
  '/app/main.py': 'x',
  '/app/__pycache__/main.cpython-311.pyc': 'x',
  '/app/.git/HEAD': 'ref',
  '/usr/lib/python3/dist-packages/x/a.py': 'x',
  '/etc/ld.so.cache': 'x',
  '/etc/mime.types': 'x',
}

function check(opened: readonly string[], lean: Files): ReturnType<typeof missingOpenedFiles> {
  const side = (name: string, files: Files): Side => sideOf(subjectOf({ name, layers: [files] }))
  const seen = new Map(
    opened.map((path) => [
      path,
      /\/bin\//.test(path) ? ('executed' as const) : ('opened' as const),
    ]),
  )
  return missingOpenedFiles(side('fat', fatFiles), side('lean', lean), seen)
}

test('a file that lean lacks is named with its package and how to repair it', () => {
  const { failures, examined } = check(['/usr/share/data/table', '/usr/bin/convert'], {})
  expect(examined).toBe(2)
  expect(failures.map(({ message }) => message)).toEqual([
    'fat opens /usr/share/data/table, which lean lacks',
    'fat runs /usr/bin/convert, which lean lacks',
  ])
  expect(failures[0]).toMatchObject({
    package: 'locales-data',
    missing: { kind: 'file', path: '/usr/share/data/table', package: 'locales-data' },
  })
})

test('what lean has, also under the source of its bytecode, is no failure', () => {
  const lean = { '/usr/share/data/table': 'y', '/app/main.py': 'x' }
  const opened = ['/usr/share/data/table', '/app/__pycache__/main.cpython-311.pyc']
  expect(check(opened, lean)).toMatchObject({ examined: 2, failures: [] })
  expect(check(opened, {}).failures).toHaveLength(1)
})

test('that nobody reads it explains nothing when it was read', () => {
  expect(check(['/app/.git/HEAD'], {}).failures.map(({ path }) => path)).toEqual(['/app/.git/HEAD'])
})

test('build tools and parts of language packages are noted; caches and what the run itself made are not looked at', () => {
  const found = check(
    [
      '/usr/bin/gcc-12',
      '/usr/lib/python3/dist-packages/x/a.py',
      '/etc/ld.so.cache',
      '/etc/mime.types',
      '/tmp/made',
    ],
    {},
  )
  expect(found).toMatchObject({ examined: 2, failures: [] })
  expect(found.notes.map(({ message }) => message).join('\n')).toMatch(
    /gcc-12.*\(a build tool\)[\s\S]*P4 compares/,
  )
})

/** binutils, with a linker that loads two libraries: one of its own kind, one that others may use as well. */
const linker: Files = {
  '/var/lib/dpkg/status': `Package: binutils
Status: install ok installed
Section: devel
Version: 1
Architecture: amd64
Depends: libctf0, libjansson4

Package: libctf0
Status: install ok installed
Section: devel
Version: 1
Architecture: amd64

Package: libjansson4
Status: install ok installed
Section: libs
Version: 1
Architecture: amd64
`,
  '/var/lib/dpkg/info/binutils.list': '/usr/bin/ld\n',
  '/var/lib/dpkg/info/libctf0.list': '/usr/lib/libctf.so.0\n',
  '/var/lib/dpkg/info/libjansson4.list': '/usr/lib/libjansson.so.4\n',
  '/usr/bin/ld': { text: tinyElf({ needed: ['libctf.so.0', 'libjansson.so.4'] }), mode: 0o755 },
  '/usr/lib/libctf.so.0': { text: tinyElf({ soname: 'libctf.so.0' }) },
  '/usr/lib/libjansson.so.4': { text: tinyElf({ soname: 'libjansson.so.4' }) },
  '/app/main.py': 'import ctypes.util',
}

test.each([
  ['the linker loads it and nobody else could', {}, ['/usr/bin/ld'], []],
  ['no tool ran', {}, [], ['/usr/lib/libjansson.so.4']],
  [
    'the app names it',
    { '/app/main.py': "ctypes.CDLL('libjansson.so.4')" },
    ['/usr/bin/ld'],
    ['/usr/lib/libjansson.so.4'],
  ],
  [
    'another package depends on it',
    {
      '/var/lib/dpkg/status': `${linker['/var/lib/dpkg/status']}
Package: jq
Status: install ok installed
Section: utils
Version: 1
Architecture: amd64
Depends: libjansson4
`,
    },
    ['/usr/bin/ld'],
    ['/usr/lib/libjansson.so.4'],
  ],
] as const)('a library of a build tool: %s', (_, more: Files, ran, missing) => {
  const side = (name: string, files: Files): Side =>
    sideOf(subjectOf({ name, layers: [{}, files] }))
  const seen = new Map<string, 'opened' | 'executed'>([
    ...ran.map((path) => [path, 'executed'] as const),
    ['/usr/lib/libjansson.so.4', 'opened'],
  ])
  const { failures } = missingOpenedFiles(
    side('fat', { ...linker, ...more }),
    side('lean', {}),
    seen,
  )
  expect(failures.map(({ path }) => path)).toEqual(missing)
})
