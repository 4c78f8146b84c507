import { expect, test } from 'vitest'
import type { Package } from '../types.ts'
import { confidenceOfKind, kindOfPackage, type PackageKind } from './kind.ts'

/** Packages as their distributions record them: `name section`, `name <source`, `name >provides`. */
type Written = Readonly<Partial<Record<PackageKind, readonly string[]>>>

const packages = (manager: Package['manager'], written: Written) =>
  Object.entries(written).flatMap(([kind, lines]) =>
    lines.map((line): readonly [string, string, Package] => {
      const [name = '', ...words] = line.split(' ')
      const of = (sign: string): string | undefined =>
        words.find((word) => word.startsWith(sign))?.slice(1)
      const [source, provided] = [of('<'), of('>')]
      const section = words.find((word) => /^[a-z]/.test(word))
      return [
        kind,
        line,
        {
          ...{ manager, name, version: '1', depends: [], provides: provided ? [provided] : [] },
          ...(section ? { section } : {}),
          ...(source ? { source } : {}),
          files: provided ? ['/usr/include/x.h', '/usr/lib64/libx.so'] : ['/usr/bin/x'],
        },
      ]
    }),
  )

const debian: Written = {
  debug: ['libc6-dbg debug', 'python3-dbgsym', 'crash universe/debug'],
  headers: [
    ...['libpq-dev libdevel', 'libc-dev-bin libdevel', 'linux-libc-dev libdevel'],
    ...[
      'linux-headers-6.1.0-9-amd64 kernel',
      'llvm-14-dev devel',
      'golang-golang-x-sys-dev golang',
    ],
    ...['libgcc-12-dev libdevel', 'node-undici-dev libdevel', 'libclang-common-14-dev libdevel'],
  ],
  tool: [
    ...['gcc-12 devel', 'cpp-12 interpreters', 'g++-12-aarch64-linux-gnu devel', 'clang-14 devel'],
    ...['clang-tools-14 devel', 'llvm-14-tools devel', 'llvm-14-runtime devel', 'lld-14 devel'],
    ...['lldb-14 devel', 'binutils devel', 'binutils-common devel', 'patch vcs', 'gdb devel'],
    ...['pkg-config oldlibs', 'pkgconf-bin devel', 'dpkg-dev utils', 'golang-1.19-go golang'],
    ...['golang-go golang', 'golang-1.19-src golang', 'cmake-data devel', 'libtool-bin devel'],
    ...['openjdk-17-jdk-headless java', 'default-jdk java', 'rust-all rust', 'maven java'],
    ...['gettext devel', 'strace utils', 'universe-thing universe/devel', 'ocaml-nox ocaml'],
  ],
  'tool-library': [
    'libasan8 libs',
    'libisl23 libs',
    'libmpfr6 libs',
    'libctf0 libs',
    'libcc1-0 libs',
  ],
  vcs: ['git vcs', 'git-man doc', 'mercurial vcs', 'cvs2svn vcs'],
  docs: ['git-doc doc', 'man-db doc', 'manpages-dev doc', 'gcc-12-doc doc'],
  locales: [
    'locales localization',
    'locales-all localization',
    'thunderbird-l10n-de',
    'language-pack-de translations',
  ],
  runtime: [
    ...[
      'gcc-12-base libs',
      'libgcc-s1 libs',
      'libstdc++6 libs',
      'libgomp1 libs',
      'tzdata localization',
    ],
    ...['openjdk-17-jre-headless java', 'default-jre java', 'gettext-base utils', 'libllvm14 libs'],
    ...['golang-github-containers-common golang', 'rust-coreutils rust', 'busybox-static utils'],
    ...[
      'qemu-user-static otherosfs',
      'libgfortran5 libs',
      'libpq5 libs',
      'curl web',
      'makedev admin',
    ],
    'libsomething-perl devel',
  ],
}

const alpine: Written = {
  base: [
    'musl',
    'busybox',
    'busybox-binsh',
    'alpine-baselayout-data',
    'apk-tools',
    'zlib',
    'libc-utils',
  ],
  headers: ['musl-dev', 'zlib-static', 'linux-headers', 'fortify-headers', 'libpq-dev'],
  tool: [
    ...['.build-deps', 'build-base', 'g++', 'clang17', 'llvm17', 'lld', 'samurai', 'pkgconf', 'go'],
    ...['rust', 'cargo', 'openjdk17-jdk', 'openjdk17', 'abuild', 'alpine-sdk', 'patch', 'cmake'],
  ],
  'tool-library': ['isl26', 'mpc1', 'mpfr4', 'llvm17-libs', 'clang17-libs'],
  docs: ['curl-doc', 'docs', 'git-doc'],
  debug: ['musl-dbg'],
  locales: ['glib-lang', 'musl-locales', 'musl-locales-lang'],
  extras: ['git-bash-completion', 'curl-zsh-completion', 'nginx-openrc'],
  bytecode: ['python3-pyc', 'py3-setuptools-pyc', 'pyc'],
  vcs: ['git', 'subversion', 'mercurial', 'git-perl'],
  runtime: [
    'libgcc',
    'libstdc++',
    'libgomp',
    'libatomic',
    'openjdk17-jre-headless',
    'python3',
    'libpq',
  ],
}

const fedora: Written = {
  base: [
    'glibc <glibc',
    'filesystem <filesystem',
    'fedora-release-container <fedora-release',
    'bash <bash',
  ],
  headers: [
    'libpq-devel <libpq',
    'glibc-static <glibc',
    'kernel-headers <kernel-headers',
    'oddly-named >pkgconfig(x)',
  ],
  debug: ['bash-debuginfo <bash', 'bash-debugsource <bash'],
  docs: [
    'cmake-doc <cmake',
    'python3-docs <python3-docs',
    'guava-javadoc <guava',
    'man-db <man-db',
  ],
  locales: ['glibc-all-langpacks <glibc', 'glibc-langpack-de <glibc', 'libreoffice-l10n'],
  tool: [
    ...[
      'gcc-c++ <gcc',
      'gcc-toolset-12-gcc <gcc-toolset-12-gcc',
      'binutils-gold <binutils',
      'make <make',
    ],
    ...['clippy <rust', 'gdb-headless <gdb', 'annobin <annobin', 'rpm-build <rpm'],
    ...['java-17-openjdk-devel <java-17-openjdk', 'elfutils <elfutils', 'cmake-filesystem <cmake'],
  ],
  'tool-library': ['llvm-libs <llvm', 'libasan <gcc', 'libgccjit <gcc'],
  vcs: ['git-core <git'],
  runtime: [
    ...[
      'libgcc <gcc',
      'libstdc++ <gcc',
      'libgomp <gcc',
      'libatomic <gcc',
      'elfutils-libelf <elfutils',
    ],
    ...[
      'libtool-ltdl <libtool',
      'glibc-langpack-en <glibc',
      'java-17-openjdk-headless <java-17-openjdk',
    ],
    'httpd <httpd',
  ],
}

test.each([
  ['dpkg', debian],
  ['apk', alpine],
  ['rpm', fedora],
] as const)('%s: what packages are for', (manager, written) => {
  const all = packages(manager, written)
  expect(all.map(([, line, one]) => [line, kindOfPackage(one)])).toEqual(
    all.map(([kind, line]) => [line, kind]),
  )
})

test('Debian says of some that nothing works without them', () => {
  const [[, , one] = []] = packages('dpkg', { runtime: ['dash shells'] })
  if (!one) throw new Error('no package')
  expect(kindOfPackage({ ...one, essential: true })).toBe('base')
  expect(kindOfPackage({ ...one, priority: 'required' })).toBe('base')
  expect(kindOfPackage({ ...one, priority: 'important' })).toBe('runtime')
})

test('sections and provides say less than names and records', () => {
  const sure = (manager: Package['manager'], line: string): unknown => {
    const [[, , one] = []] = packages(manager, { runtime: [line] })
    return one && confidenceOfKind(one)
  }
  expect([sure('dpkg', 'gcc-12 devel'), sure('dpkg', 'thing devel')]).toEqual(['A', 'B'])
  expect([sure('rpm', 'libpq-devel'), sure('rpm', 'odd >pkgconfig(x)')]).toEqual(['A', 'B'])
  expect([sure('apk', '.build-deps'), sure('apk', 'nginx-openrc')]).toEqual(['A', 'B'])
  expect(sure('dpkg', 'curl web')).toBeUndefined()
})
