import { expect, test } from 'vitest'
import { memoryTree } from '../../../test/support/memory-tree.ts'
import type { Package } from '../types.ts'
import { readApk } from './apk.ts'
import { systemPackages, unreadablePackages } from './database.ts'
import { readDpkg } from './dpkg.ts'
import { isBuildPackage, kindOfPackage } from './kind.ts'

test('dpkg: states, multi-arch lists, relations, diversions', () => {
  const tree = memoryTree([
    {
      '/lib': { link: 'usr/lib' },
      '/usr/lib/x/libz.so.1': 'z',
      '/usr/bin/sh.distrib': 'old',
      '/usr/bin/sh': 'new',
      '/var/lib/dpkg/status': [
        'Package: zlib1g\nStatus: install ok installed\nArchitecture: amd64\nMulti-Arch: same\nVersion: 1:1.2\nSource: zlib (1.2)\nDepends: libc6 (>= 2.14), a:any | b\nDescription: x\n more\n .',
        'Package: gone\nStatus: deinstall ok config-files\nArchitecture: amd64\nVersion: 1',
        'Package: bash\nStatus: install ok installed\nArchitecture: amd64\nVersion: 5\nEssential: yes',
        'Package: dash\nStatus: install ok installed\nArchitecture: amd64\nVersion: 0',
      ].join('\n\n'),
      '/var/lib/dpkg/info/zlib1g:amd64.list': '/.\n/lib\n/lib/x\n/lib/x/libz.so.1\n',
      '/var/lib/dpkg/info/bash.list': '/.\n/usr/bin\n/usr/bin/sh\n',
      '/var/lib/dpkg/info/dash.list': '/usr/bin/sh\n',
      '/var/lib/dpkg/diversions': '/usr/bin/sh\n/usr/bin/sh.distrib\ndash\n',
    },
  ])
  const database = readDpkg(tree)
  expect([...(database?.packages.keys() ?? [])]).toEqual(['zlib1g', 'bash', 'dash'])
  expect(database?.packages.get('zlib1g')).toEqual({
    manager: 'dpkg',
    name: 'zlib1g',
    version: '1:1.2',
    arch: 'amd64',
    source: 'zlib',
    depends: [['libc6'], ['a', 'b']],
    provides: [],
    files: ['/usr/lib/x/libz.so.1'],
  })
  const owners = ['/lib/x/libz.so.1', '/usr/lib/x/libz.so.1', '/usr/bin/sh', '/usr/bin/sh.distrib']
  expect(owners.map((path) => database?.ownerOf(path)?.name)).toEqual([
    'zlib1g',
    'zlib1g',
    'dash',
    'bash',
  ])
})

test('dpkg of distroless images, one file a package', () => {
  const tree = memoryTree([
    {
      '/var/lib/dpkg/status.d/libc6': 'Package: libc6\nVersion: 2.36\nArchitecture: amd64\n',
      '/var/lib/dpkg/status.d/libc6.md5sums': `${'0'.repeat(32)}  usr/lib/libc.so.6\n`,
    },
  ])
  expect(readDpkg(tree)?.ownerOf('/usr/lib/libc.so.6')?.version).toBe('2.36')
})

test('apk', () => {
  const tree = memoryTree([
    {
      '/lib/apk/db/installed':
        'P:musl\nV:1.2\nA:x86_64\no:musl\np:so:libc.musl-x86_64.so.1=1\nF:lib\nR:ld-musl-x86_64.so.1\n\nP:curl\nV:8\nD:so:libcurl.so.4 ca-certificates>1 !bad\nF:usr/bin\nR:curl\n',
    },
  ])
  const database = readApk(tree)
  expect(database?.ownerOf('/usr/bin/curl')?.depends).toEqual([
    ['so:libcurl.so.4'],
    ['ca-certificates'],
  ])
  expect(database?.ownerOf('/lib/ld-musl-x86_64.so.1')?.provides).toEqual([
    'so:libc.musl-x86_64.so.1',
  ])
})

test('the package manager of another system, installed as a program, hides nothing', () => {
  const alpine = { '/lib/apk/db/installed': 'P:dpkg\nV:1\nF:usr/bin\nR:dpkg\n' }
  const tree = memoryTree([{ '/var/lib/dpkg/status': '', ...alpine }])
  expect(systemPackages(tree)?.ownerOf('/usr/bin/dpkg')?.manager).toBe('apk')
  expect(systemPackages(memoryTree([{ '/var/lib/dpkg/status': '' }]))?.packages.size).toBe(0)
})

test('a database that cannot be read is told from none', () => {
  const broken = memoryTree([{ '/var/lib/rpm/Packages': 'no database' }])
  expect(unreadablePackages(broken, systemPackages(broken))).toBe('/var/lib/rpm/Packages')
  const none = memoryTree([{ '/etc/passwd': '' }])
  expect(unreadablePackages(none, systemPackages(none))).toBeUndefined()
})

test('without a database there is none', () => {
  const tree = memoryTree([{ '/etc/passwd': '' }])
  expect([readDpkg(tree), readApk(tree)]).toEqual([undefined, undefined])
})

const named = (name: string, more: Partial<Package> = {}): Package => ({
  manager: 'dpkg',
  name,
  version: '1',
  depends: [],
  provides: [],
  files: [],
  ...more,
})

test('what packages are for', () => {
  const build = [
    ...[
      'gcc',
      'gcc-12',
      'g++-12',
      'cpp',
      'build-essential',
      'make',
      'cmake',
      'libpq-dev',
      'clang-14',
    ],
    ...['libc6-dev', 'linux-libc-dev', 'libstdc++-12-dev', 'binutils-x86-64-linux-gnu', 'rustc'],
    ...['golang-1.19-go', 'pkg-config', 'dpkg-dev', 'openjdk-17-jdk-headless', 'python3.11-dev'],
  ]
  const runtime = [
    ...['gcc-12-base', 'libgcc-s1', 'libstdc++6', 'libgomp1', 'libpq5', 'openjdk-17-jre-headless'],
    ...[
      'libllvm14',
      'gettext-base',
      'curl',
      'tzdata',
      'python3.11',
      'libmpfr6',
      'makedev',
      'google-x',
    ],
  ]
  expect(build.filter((name) => !isBuildPackage(named(name)))).toEqual([])
  expect(runtime.filter((name) => isBuildPackage(named(name)))).toEqual([])
  expect(kindOfPackage(named('git', { section: 'vcs' }))).toBe('vcs')
  expect(kindOfPackage(named('patch', { section: 'vcs' }))).toBe('tool')
  expect(kindOfPackage(named('libasan8', { section: 'libs' }))).toBe('tool-library')
  expect(kindOfPackage(named('tzdata', { section: 'localization' }))).toBe('runtime')
  expect(kindOfPackage(named('bash', { essential: true }))).toBe('base')
})
