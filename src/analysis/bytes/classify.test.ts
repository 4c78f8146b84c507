import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { elfFile } from '../../../test/support/elf-file.ts'
import { memoryTree, type Spec } from '../../../test/support/memory-tree.ts'
import type { ContainerConfig, ImageConfig } from '../../image/index.ts'
import type { CategoryId, Classification } from '../types.ts'
import { analyzeImage } from './analyze-image.ts'
import { ballastCategories } from './tally.ts'

const image = (config: ContainerConfig): ImageConfig => ({
  architecture: 'amd64',
  os: 'linux',
  config,
  rootfs: { type: 'layers', diff_ids: [] },
  history: [],
})

/** An ELF header with `e_type` and `e_machine`, little endian. */
function elf(type: number, machine = 62): Uint8Array {
  const bytes = new Uint8Array(64)
  bytes.set([0x7f, 0x45, 0x4c, 0x46, 2, 1, 1])
  new DataView(bytes.buffer).setUint16(16, type, true)
  new DataView(bytes.buffer).setUint16(18, machine, true)
  return bytes
}

const bytes = (...head: readonly number[]): Uint8Array =>
  Uint8Array.from([...head, ...Array.from({ length: 40 }, () => 0)])
const text = (head: string): Uint8Array => bytes(...[...head].map((one) => one.charCodeAt(0)))

type Files = Readonly<Record<string, Spec>>

function classified(files: Files, config: ContainerConfig = {}): Map<string, Classification> {
  const found = new Map<string, Classification>()
  const tree = memoryTree([{ '/etc/passwd': 'root' }, files])
  const analysis = analyzeImage({
    ...{ tree, config: image(config) },
    onFile: ({ path }, classification) => found.set(path, classification),
  })
  for (const { bytes: whole, confidence } of analysis.categories)
    expect(confidence.A + confidence.B + confidence.C).toBe(whole)
  for (const { evidence, what } of found.values()) {
    expect(evidence).not.toBe('')
    expect(what).not.toBe('')
  }
  return found
}

const status = (...names: readonly string[]): string =>
  names.map((one) => `Package: ${one}\nStatus: install ok installed\nVersion: 1\n`).join('\n')

/** A Debian root: each package with its files, which hold their own path. */
function debian(
  packages: Readonly<Record<string, readonly string[]>>,
  fields: Readonly<Record<string, string>> = {},
): Files {
  const stanzas = Object.keys(packages).map((name) => {
    const more = fields[name]
    return `Package: ${name}\nStatus: install ok installed\nVersion: 1\n${more === undefined ? '' : `${more}\n`}`
  })
  const files: Record<string, Spec> = { '/var/lib/dpkg/status': stanzas.join('\n') }
  for (const [name, paths] of Object.entries(packages)) {
    files[`/var/lib/dpkg/info/${name}.list`] = `${paths.join('\n')}\n`
    for (const path of paths) files[path] = path
  }
  return files
}

describe('places that nobody owns', () => {
  test.each<readonly [string, CategoryId]>([
    ['/tmp/left', 'package-caches'],
    ['/var/tmp/left', 'package-caches'],
    ['/var/log/dpkg.log', 'package-caches'],
    ['/var/cache/debconf/config.dat-old', 'package-caches'],
    ['/var/lib/apt/lists/deb_Packages', 'package-caches'],
    ['/root/.npm/_cacache/x', 'package-caches'],
    ['/core.123', 'package-caches'],
    ['/etc/nginx.conf.bak', 'package-caches'],
    ['/usr/src/php.tar.xz', 'compilers'],
    ['/usr/local/src/lib/a.c', 'compilers'],
    ['/usr/local/go/src/fmt/print.go', 'compilers'],
    ['/usr/lib/debug/.build-id/aa.debug', 'debug-tools'],
    ['/usr/local/lib/pkgconfig/x.pc', 'dev-libraries'],
    ['/usr/local/lib/cmake/x/x-config.cmake', 'dev-libraries'],
    ['/usr/local/lib/libx.la', 'dev-libraries'],
    ['/usr/local/include/x.h', 'headers'],
    ['/usr/local/share/man/man1/x.1', 'docs-and-locales'],
    ['/usr/share/locale/de/LC_MESSAGES/x.mo', 'docs-and-locales'],
    ['/usr/share/licenses/x/LICENSE', 'package-metadata'],
    ['/var/lib/apt/extended_states', 'package-metadata'],
    ['/lib/apk/db/installed', 'package-metadata'],
    ['/srv/shop/.git/objects/ab', 'vcs'],
    ['/srv/shop/index.html', 'app'],
    ['/opt/shop/data.bin', 'app'],
    ['/usr/local/lib/libpython3.11.so.1.0', 'runtime'],
    ['/usr/share/own/data', 'other'],
  ])('%s is %s', (path, category) => {
    expect(classified({ [path]: 'x' }).get(path)).toMatchObject({ category })
  })
})

describe('content of what nobody owns', () => {
  test.each<readonly [string, Uint8Array, CategoryId, string]>([
    ['/srv/a/main.obj', elf(1), 'static-libraries', 'magic: relocatable object'],
    ['/srv/a/probe.o', elf(1, 247), 'app', 'nobody owns it'],
    ['/srv/a/driver.ko', elf(1), 'app', 'nobody owns it'],
    ['/srv/a/server', elf(2), 'app', 'nobody owns it'],
    ['/srv/a/crashed', elf(4), 'package-caches', 'magic: core dump'],
    ['/srv/a/lib', text('!<arch>\nx.o/'), 'static-libraries', 'magic: ar archive'],
    ['/srv/a/thing', text('!<arch>\ndebian-binary'), 'package-caches', 'magic: Debian package'],
    ['/srv/a/other', bytes(0xed, 0xab, 0xee, 0xdb), 'package-caches', 'magic: rpm package'],
    ['/srv/a/pack', bytes(0x50, 0x41, 0x43, 0x4b, 0, 0, 0, 2), 'vcs', 'magic: git data'],
    ['/srv/a/de', bytes(0xde, 0x12, 0x04, 0x95), 'docs-and-locales', 'magic: gettext translations'],
    ['/srv/a/node.tar.xz', text('\xfd7zXZ\0'), 'package-caches', 'magic: archive left behind'],
    ['/srv/a/data.gz', bytes(0x1f, 0x8b), 'app', 'nobody owns it'],
    ['/srv/a/fake.tar.gz', text('not gzip'), 'app', 'nobody owns it'],
    ['/srv/a/module.wasm', bytes(0, 0x61, 0x73, 0x6d), 'app', 'nobody owns it'],
    ['/srv/a/shop.db', text('SQLite format 3\0'), 'app', 'nobody owns it'],
  ])('%s', (path, content, category, evidence) => {
    expect(classified({ [path]: content }).get(path)).toMatchObject({ category, evidence })
  })
})

test('in the app’s own directories no name makes ballast, wherever these are', () => {
  const names = [
    ...[
      'tests/test_a.py',
      'test/a.js',
      'examples/demo.txt',
      'include/own.h',
      'src/own.c',
      'docs/x',
    ],
    ...['locale/de/LC_MESSAGES/app.mo', 'app.log', 'data.bak', 'x.tmp', 'bin/make', 'lib/own.pc'],
    ...['backup.tar.gz', 'share/man/x.1', 'repo/pack', 'debug/x.debug', 'cmake/a.cmake', 'a.la'],
  ]
  const content: Readonly<Record<string, Uint8Array>> = {
    'backup.tar.gz': bytes(0x1f, 0x8b),
    'repo/pack': bytes(0x50, 0x41, 0x43, 0x4b, 0, 0, 0, 2),
    'locale/de/LC_MESSAGES/app.mo': bytes(0xde, 0x12, 0x04, 0x95),
  }
  for (const dir of [
    '/app',
    '/srv/www/shop',
    '/usr/src/app',
    '/opt/shop',
    '/usr/local/shop',
    '/tmp/shop',
  ]) {
    const files = Object.fromEntries(names.map((name) => [`${dir}/${name}`, content[name] ?? name]))
    const found = classified(files, { WorkingDir: dir })
    const wrong = [...found].filter(
      ([path, { category }]) => path.startsWith(dir) && category !== 'app',
    )
    expect(wrong).toEqual([])
    // The names do make ballast of them elsewhere: the rule is what keeps them.
    const elsewhere = classified(files, { WorkingDir: '/elsewhere' })
    const kept = [...elsewhere.values()].filter(({ category }) => category === 'app')
    expect(kept.length).toBeLessThan(found.size - 1)
  }
})

test('what the app loads is never ballast, whatever place, name and package it has', () => {
  const places = [
    ...['/usr/bin/gcc', '/tmp/server', '/var/cache/server', '/usr/src/tool/run', '/srv/.git/hook'],
    ...[
      '/root/.cache/uv/python',
      '/usr/share/doc/tool/run',
      '/usr/lib/debug/run',
      '/usr/local/go/bin/go',
    ],
  ]
  for (const path of places) {
    const files = {
      ...debian({ 'gcc-12': ['/usr/bin/gcc'] }),
      [path]: { text: elf(2), mode: 0o755 },
    }
    const usual = classified(files).get(path)
    expect(ballastCategories).toContain(usual?.category)
    const started = classified(files, { Cmd: [path] }).get(path)
    expect(ballastCategories).not.toContain(started?.category)
    expect(started).toMatchObject({ evidence: 'the image starts it', confidence: 'A' })
  }
})

test('packages by their kind, their section’s word alone less sure than their name', () => {
  const found = classified(
    debian(
      {
        ...{ 'base-files': ['/a'], 'gcc-12': ['/b'], 'libx-dev': ['/c'], 'x-dbg': ['/d'] },
        ...{ git: ['/e'], 'x-doc': ['/f'], 'x-l10n': ['/g'], gdb: ['/h'], unheard: ['/i'] },
        ...{ curl: ['/j'] },
      },
      { 'base-files': 'Essential: yes', unheard: 'Section: devel' },
    ),
  )
  expect(
    Object.fromEntries(
      [...found]
        .filter(([path]) => path.length === 2)
        .map(([path, { category, confidence }]) => [path, `${category} ${confidence}`]),
    ),
  ).toEqual({
    '/a': 'base-system A',
    '/b': 'compilers A',
    '/c': 'dev-libraries A',
    '/d': 'debug-tools A',
    '/e': 'vcs A',
    '/f': 'docs-and-locales A',
    '/g': 'docs-and-locales A',
    '/h': 'debug-tools A',
    '/i': 'compilers B',
    '/j': 'runtime C',
  })
  expect(found.get('/b')?.evidence).toBe('dpkg: gcc-12 is a build tool')
})

test('a package that nothing is known to load is unproven; what the loaded ones depend on is needed', () => {
  const files = debian(
    { server: ['/usr/bin/server'], libserver: ['/usr/lib/data'], curl: ['/usr/bin/curl'] },
    { server: 'Depends: libserver' },
  )
  const program = { '/usr/bin/server': { text: elf(2), mode: 0o755 } }
  const found = classified({ ...files, ...program }, { Cmd: ['/usr/bin/server'] })
  expect(found.get('/usr/lib/data')).toMatchObject({ category: 'runtime', confidence: 'B' })
  expect(found.get('/usr/bin/curl')).toMatchObject({ category: 'runtime', confidence: 'C' })
})

test('files of a package that stays: its documentation, its own tests, what is for linking', () => {
  const dist = '/usr/lib/python3/dist-packages/numpy'
  const paths = [
    ...['/usr/share/doc/python3-numpy/README', '/usr/share/doc/python3-numpy/copyright'],
    ...[`${dist}/core/tests/test_a.py`, `${dist}/core/a.py`, '/usr/lib/pkgconfig/numpy.pc'],
    ...[
      '/usr/lib/x86_64-linux-gnu/libnpy.la',
      '/usr/lib/x86_64-linux-gnu/ImageMagick/coders/png.la',
    ],
  ]
  const found = classified(debian({ 'python3-numpy': paths }))
  expect(paths.map((path) => found.get(path)?.category)).toEqual([
    'docs-and-locales',
    'package-metadata',
    'tests',
    'runtime',
    'dev-libraries',
    'dev-libraries',
    // libltdl opens plug-ins by their .la.
    'runtime',
  ])
  for (const path of paths) expect(found.get(path)?.package?.name).toBe('python3-numpy')
})

test('what scripts and triggers wrote belongs to the package behind them', () => {
  const found = classified({
    ...debian({
      'ca-certificates': ['/usr/share/ca-certificates/a.crt'],
      'shared-mime-info': ['/usr/share/mime/packages/freedesktop.org.xml'],
      perl: ['/usr/share/perl/a.pm'],
      'emacs-common': ['/usr/share/emacs/site/a.el', '/usr/share/emacs/site/b.el'],
    }),
    '/etc/ssl/certs/ca-certificates.crt': 'x',
    '/usr/share/mime/mime.cache': 'x',
    '/usr/share/emacs/site/index': 'x',
    '/usr/share/nobody': 'x',
  })
  const of = (path: string) => found.get(path)
  expect(of('/etc/ssl/certs/ca-certificates.crt')).toMatchObject({
    evidence: 'written by update-ca-certificates: ca-certificates',
    package: { name: 'ca-certificates' },
  })
  expect(of('/usr/share/mime/mime.cache')?.package?.name).toBe('shared-mime-info')
  expect(of('/usr/share/emacs/site/index')).toMatchObject({
    evidence: 'beside its files: emacs-common',
  })
  expect(of('/usr/share/nobody')).toMatchObject({ category: 'other', confidence: 'C' })
})

test('translations into the language of the image stay', () => {
  const german = '/usr/share/locale/de/LC_MESSAGES/x.mo'
  const french = '/usr/share/locale/fr/LC_MESSAGES/x.mo'
  const files = { [german]: 'x', [french]: 'x', '/usr/lib/locale/locale-archive': 'x' }
  const found = classified(files, { Env: ['LANG=de_DE.UTF-8'] })
  expect(found.get(german)?.category).toBe('runtime')
  expect(found.get('/usr/lib/locale/locale-archive')?.category).toBe('runtime')
  expect(found.get(french)?.category).toBe('docs-and-locales')
  expect(classified(files, { Env: ['LANG=C.UTF-8'] }).get(german)?.category).toBe(
    'docs-and-locales',
  )
})

test('distroless images: packages of status.d, whose files md5sums lists', () => {
  const found = classified({
    '/var/lib/dpkg/status.d/libssl3': status('libssl3'),
    '/var/lib/dpkg/status.d/libssl3.md5sums':
      '0123456789abcdef0123456789abcdef  usr/lib/libssl.so.3\n',
    '/usr/lib/libssl.so.3': 'library',
  })
  expect(found.get('/usr/lib/libssl.so.3')?.package?.name).toBe('libssl3')
})

test('what a library needs that is known to start programs is rescued: git for GitPython', () => {
  const site = '/usr/lib/python3.11/site-packages'
  const python = {
    '/usr/bin/python3.11': { text: elf(2), mode: 0o755 },
    '/usr/lib/python3.11/os.py': 'os',
  }
  const gitPython = {
    [`${site}/GitPython-3.dist-info/METADATA`]: 'Name: GitPython\nVersion: 3\n',
    [`${site}/GitPython-3.dist-info/RECORD`]: 'git/__init__.py,,\n',
    [`${site}/git/__init__.py`]: 'pass',
  }
  const git = {
    ...debian({ git: ['/usr/bin/git'] }),
    '/usr/bin/git': { text: elf(2), mode: 0o755 },
  }
  const config = { Env: ['PATH=/usr/bin'], Cmd: ['python3.11', 'a.py'] }
  expect(classified({ ...python, ...git }, config).get('/usr/bin/git')?.category).toBe('vcs')
  expect(classified({ ...python, ...git, ...gitPython }, config).get('/usr/bin/git')).toMatchObject(
    {
      category: 'runtime',
      evidence: 'gitpython is known to use it',
    },
  )
})

test('what addons and the app’s own libraries link is rescued, and they themselves are not', () => {
  const addons = [
    ...['/app/node_modules/sharp/build/sharp.node', '/usr/local/bundle/gems/pg-1/lib/pg_ext.so'],
    ...['/opt/jre/lib/libfontmanager.so', '/srv/shop/lib/libshop.so'],
  ]
  for (const [at, addon] of addons.entries()) {
    const library = '/usr/lib/x86_64-linux-gnu/libvips.so.42'
    const files = {
      ...debian(
        { 'libvips-dev': ['/usr/include/vips.h'], libvips42: [library] },
        { 'libvips-dev': 'Depends: libvips42' },
      ),
      '/var/lib/apt/extended_states': 'Package: libvips42\nAuto-Installed: 1\n',
      [library]: elfFile({ soname: 'libvips.so.42' }),
      '/opt/jre/bin/java': { text: elf(2), mode: 0o755 },
    }
    const config = { WorkingDir: '/srv/shop', Cmd: ['/opt/jre/bin/java'] }
    expect(classified(files, config).get(library)?.category).toBe('tool-dependencies')
    const found = classified({ ...files, [addon]: elfFile({ needed: ['libvips.so.42'] }) }, config)
    expect([at, found.get(library)]).toMatchObject([
      at,
      { category: 'runtime', evidence: `loaded at run time by ${addon.replace(/^.*\//, '')}` },
    ])
    expect(found.get(addon)?.evidence).not.toMatch(/run time/)
  }
})

test('whatever files are called and hold, each is in one category and the sums are exact', () => {
  const word = fc.oneof(
    fc.constantFrom('usr', 'var', 'lib', 'tests', 'node_modules', '.git', '__pycache__', 'share'),
    fc.constantFrom('doc', 'locale', 'cache', 'bin', 'x.pyc', 'a.o', 'x.la', '..', 'etc', 'tmp'),
    fc.string({ minLength: 1, maxLength: 8 }).map((text) => text.replaceAll(/[/\0]/g, '_')),
  )
  const path = fc.array(word, { minLength: 1, maxLength: 6 }).map((parts) => `/${parts.join('/')}`)
  const content = fc.oneof(
    fc.uint8Array({ maxLength: 80 }),
    fc.constantFrom(elf(1), elf(2).subarray(0, 18), text('!<arch>\n'), bytes(0x1f, 0x8b)),
  )
  fc.assert(
    fc.property(fc.array(fc.tuple(path, content), { maxLength: 12 }), path, (files, workdir) => {
      // A name is a directory or a file: of two that contradict each other the first is taken.
      const taken: Record<string, Uint8Array> = {}
      for (const [name, body] of files)
        if (
          !Object.keys(taken).some(
            (one) => `${one}/`.startsWith(`${name}/`) || `${name}/`.startsWith(`${one}/`),
          )
        )
          taken[name] = body
      const found = classified(taken, { WorkingDir: workdir, Cmd: [files[0]?.[0] ?? '/none'] })
      for (const name of Object.keys(taken)) expect(found.has(name)).toBe(true)
    }),
  )
})
