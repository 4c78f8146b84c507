import type { Spec } from './memory-tree.ts'
import { tinyElf } from './tiny-elf.ts'

/** A package of Alpine as its database records it: dependencies may be names of libraries, `so:libpq.so.5`. */
type Apk = {
  readonly depends?: readonly string[]
  readonly provides?: readonly string[]
  readonly files?: Readonly<Record<string, Spec>>
}

const elf = (soname: string, ...needed: string[]): Spec => ({ text: tinyElf({ soname, needed }) })
const program: Spec = { text: tinyElf({}), mode: 0o755 }
const bulk = (kilobytes: number): string => 'x'.repeat(kilobytes * 1024)
const library = (soname: string, ...needed: string[]): Apk => ({
  depends: needed.map((name) => `so:${name}`),
  provides: [`so:${soname}=1`],
  files: { [`/usr/lib/${soname}`]: elf(soname, ...needed) },
})

const musl = 'libc.musl-x86_64.so.1'

/** What every image of Alpine begins with. */
const base: Readonly<Record<string, Apk>> = {
  musl: {
    provides: [`so:${musl}=1`],
    files: {
      '/lib/ld-musl-x86_64.so.1': elf(musl),
      [`/lib/${musl}`]: { link: 'ld-musl-x86_64.so.1' },
    },
  },
  busybox: {
    depends: [`so:${musl}`],
    files: {
      '/bin/busybox': program,
      '/bin/sh': { link: 'busybox' },
      '/usr/bin/env': { link: '/bin/busybox' },
    },
  },
  'apk-tools': { files: { '/sbin/apk': program } },
  libcrypto3: library('libcrypto.so.3', musl),
  libssl3: library('libssl.so.3', 'libcrypto.so.3', musl),
}

const compilers: Readonly<Record<string, Apk>> = {
  gcc: { files: { '/usr/bin/gcc': program, '/usr/libexec/gcc/cc1': bulk(900) } },
  'g++': {
    depends: ['gcc', 'libstdc++'],
    files: { '/usr/bin/g++': program, '/usr/libexec/gcc/cc1plus': bulk(900) },
  },
  make: { files: { '/usr/bin/make': program } },
  'musl-dev': { files: { '/usr/include/stdio.h': bulk(60) } },
  'build-base': { depends: ['gcc', 'g++', 'make', 'musl-dev'] },
}

/** What `apk add` brings: enough for the cases, with the dependencies and names of Alpine 3.20. */
const others: Readonly<Record<string, Apk>> = {
  ...compilers,
  git: { files: { '/usr/bin/git': program, '/usr/libexec/git-core/git': bulk(400) } },
  python3: { files: { '/usr/bin/python3': program, '/usr/lib/python3.12/os.py': bulk(500) } },
  libgcc: library('libgcc_s.so.1', musl),
  'libstdc++': library('libstdc++.so.6', 'libgcc_s.so.1', musl),
  libpq: library('libpq.so.5', 'libssl.so.3', 'libcrypto.so.3', musl),
  'libpq-dev': { depends: ['libpq'], files: { '/usr/include/libpq-fe.h': bulk(30) } },
  'postgresql-dev': { depends: ['libpq-dev'] },
  'sqlite-libs': library('libsqlite3.so.0', musl),
  'sqlite-dev': { depends: ['sqlite-libs'], files: { '/usr/include/sqlite3.h': bulk(600) } },
  'ca-certificates': { files: { '/etc/ssl/certs/ca-certificates.crt': bulk(200) } },
  tini: { files: { '/sbin/tini': program } },
  '.build-deps': {},
}

const all: Readonly<Record<string, Apk>> = { ...base, ...others }

export const alpineRelease = '3.20.3'

/** The files of Alpine's base image. */
export function alpineBase(): Readonly<Record<string, Spec>> {
  return {
    ...filesOf(Object.keys(base)),
    '/etc/os-release': `ID=alpine\nVERSION_ID=${alpineRelease}\n`,
    '/etc/passwd': 'root:x:0:0::/root:/bin/sh\n',
    '/etc/group': 'root:x:0:\n',
    '/lib/apk/db/installed': database(Object.keys(base)),
  }
}

/** What one `apk add` leaves. @param installed every package so far, with those that it adds itself */
export function apkAdd(
  added: readonly string[],
  installed: readonly string[],
): Readonly<Record<string, Spec>> {
  return {
    ...filesOf(added),
    '/lib/apk/db/installed': database([...Object.keys(base), ...installed]),
  }
}

function filesOf(names: readonly string[]): Record<string, Spec> {
  return Object.assign({}, ...names.map((name) => find(name).files ?? {}))
}

function find(name: string): Apk {
  const found = all[name]
  if (!found) throw new Error(`the world of Alpine has no package ${name}`)
  return found
}

/** apk-installed(5) */
function database(names: readonly string[]): string {
  return names
    .map((name) => {
      const { depends = [], provides = [], files = {} } = find(name)
      const paths = Object.keys(files).map((path) => path.slice(1))
      return [
        `P:${name}`,
        'V:1-r0',
        'A:x86_64',
        `D:${depends.join(' ')}`,
        `p:${provides.join(' ')}`,
        ...paths.flatMap((path) => {
          const at = path.lastIndexOf('/')
          return [`F:${path.slice(0, at)}`, `R:${path.slice(at + 1)}`]
        }),
        '',
      ].join('\n')
    })
    .join('\n')
}
