import { expect, test } from 'vitest'
import { type ElfPlan, elfFile } from '../../../test/support/elf-file.ts'
import { memoryTree, type Spec } from '../../../test/support/memory-tree.ts'
import { linkClosure } from './link-closure.ts'

const program = (plan: ElfPlan): Uint8Array =>
  elfFile({ program: true, interpreter: '/lib64/ld-linux-x86-64.so.2', ...plan })
const library = (soname: string, plan: ElfPlan = {}): Uint8Array => elfFile({ soname, ...plan })
const loader = { '/lib64/ld-linux-x86-64.so.2': library('ld-linux-x86-64.so.2') }

/** Where each library that the program at /app/run asks for was found. */
function found(
  files: Readonly<Record<string, Spec>>,
  env: readonly string[] = [],
): Record<string, string | undefined> {
  const { links } = linkClosure(memoryTree([{ ...loader, ...files }]), ['/app/run'], { env })
  return Object.fromEntries(links.map((link) => [link.needed, link.found]))
}

test('RPATH comes before LD_LIBRARY_PATH, RUNPATH after it', () => {
  const places = { '/x/liba.so': library('liba.so'), '/y/liba.so': library('liba.so') }
  const env = ['LD_LIBRARY_PATH=/y']
  const needed = ['liba.so']
  expect(found({ ...places, '/app/run': program({ needed, rpath: '/x' }) }, env)).toEqual({
    'liba.so': '/x/liba.so',
  })
  expect(found({ ...places, '/app/run': program({ needed, runpath: '/x' }) }, env)).toEqual({
    'liba.so': '/y/liba.so',
  })
})

test('RPATH is inherited, RUNPATH is not, and RUNPATH switches RPATH off', () => {
  const files = {
    '/x/liba.so': library('liba.so', { needed: ['libb.so'] }),
    '/x/libb.so': library('libb.so'),
  }
  const needed = ['liba.so']
  expect(found({ ...files, '/app/run': program({ needed, rpath: '/x' }) })).toEqual({
    'liba.so': '/x/liba.so',
    'libb.so': '/x/libb.so',
  })
  expect(found({ ...files, '/app/run': program({ needed, runpath: '/x' }) })).toEqual({
    'liba.so': '/x/liba.so',
    'libb.so': undefined,
  })
  expect(found({ ...files, '/app/run': program({ needed, rpath: '/x', runpath: '/z' }) })).toEqual({
    'liba.so': undefined,
  })
})

test('$ORIGIN is the real directory of a program, $LIB the multiarch directory', () => {
  const files = {
    '/opt/app/lib/liba.so': library('liba.so'),
    '/sys/lib/x86_64-linux-gnu/libb.so': library('libb.so'),
    '/usr/lib/x86_64-linux-gnu/libz.so': library('libz.so'),
    '/opt/app/bin/run': program({
      needed: ['liba.so', 'libb.so'],
      runpath: `$\{ORIGIN}/../lib:/sys/$LIB`,
    }),
    '/app/run': { link: '/opt/app/bin/run' },
  }
  expect(found(files)).toEqual({
    'liba.so': '/opt/app/lib/liba.so',
    'libb.so': '/sys/lib/x86_64-linux-gnu/libb.so',
  })
})

test('a library of another machine or word size is passed over', () => {
  const files = {
    '/x/liba.so': library('liba.so', { machine: 183 }),
    '/y/liba.so': library('liba.so', { bits: 32 }),
    '/usr/lib/liba.so': library('liba.so'),
    '/app/run': program({ needed: ['liba.so'], runpath: '/x:/y' }),
  }
  expect(found(files)).toEqual({ 'liba.so': '/usr/lib/liba.so' })
})

test('without an entry in the cache, /usr/local/lib is not searched', () => {
  const files = {
    '/etc/ld.so.conf': '/usr/local/lib\n',
    '/usr/local/lib/liba.so': library('liba.so'),
    '/app/run': program({ needed: ['liba.so'] }),
  }
  expect(found(files)).toEqual({ 'liba.so': undefined })
})

test('what is loaded already satisfies a later entry by soname', () => {
  const files = {
    '/x/renamed.so': library('libb.so'),
    '/usr/lib/liba.so': library('liba.so', { needed: ['libb.so'] }),
    '/app/run': program({ needed: ['/x/renamed.so', 'liba.so'] }),
  }
  expect(found(files)).toMatchObject({ 'libb.so': '/x/renamed.so' })
})

test('a module finds what its interpreter has loaded', () => {
  const tree = memoryTree([
    {
      ...loader,
      '/py/lib/libpython.so': library('libpython.so'),
      '/py/bin/python': program({ needed: ['libpython.so'], runpath: '$ORIGIN/../lib' }),
      '/site/m.so': library('m.so', { needed: ['libpython.so'] }),
    },
  ])
  const alone = linkClosure(tree, ['/site/m.so'], { env: [] })
  const hosted = linkClosure(tree, ['/site/m.so'], { env: [], host: '/py/bin/python' })
  const ofModule = (links: typeof alone.links): unknown =>
    links.find(({ from }) => from === '/site/m.so')?.found
  expect(ofModule(alone.links)).toBeUndefined()
  expect(ofModule(hosted.links)).toBe('/py/lib/libpython.so')
})

test('versions that a library does not define are missing, unless it defines none', () => {
  const wants = { needed: ['liba.so'], versionNeeds: { 'liba.so': ['A_1', 'A_2'] } }
  const missing = (defs: readonly string[]): unknown =>
    linkClosure(
      memoryTree([
        {
          ...loader,
          '/usr/lib/liba.so': library('liba.so', { versionDefs: defs }),
          '/app/run': program(wants),
        },
      ]),
      ['/app/run'],
      { env: [] },
    ).links.map(({ missingVersions }) => missingVersions)
  expect(missing(['A_1'])).toEqual([['A_2']])
  expect(missing(['A_1', 'A_2'])).toEqual([[]])
  expect(missing([])).toEqual([[]])
})

test('musl: its own names are never looked up, its path file counts, RUNPATH is inherited', () => {
  const musl = { program: true, interpreter: '/lib/ld-musl-x86_64.so.1' }
  const tree = memoryTree([
    {
      '/lib/ld-musl-x86_64.so.1': library('libc.musl-x86_64.so.1'),
      '/etc/ld-musl-x86_64.path': '/special\n',
      '/special/liba.so': library('liba.so', { needed: ['libb.so', 'libc.musl-x86_64.so.1'] }),
      '/x/libb.so': library('libb.so'),
      '/usr/lib/libc.so': library('libc.so'),
      '/app/run': elfFile({ ...musl, needed: ['liba.so', 'libc.so'], runpath: '/x' }),
    },
  ])
  const { links } = linkClosure(tree, ['/app/run'], { env: [] })
  expect(Object.fromEntries(links.map((link) => [link.needed, link.found]))).toEqual({
    'liba.so': '/special/liba.so',
    'libb.so': '/x/libb.so',
  })
})

test('LD_PRELOAD is looked up and its own needs are followed', () => {
  const files = {
    '/usr/lib/libj.so': library('libj.so', { needed: ['libk.so'] }),
    '/app/run': program({}),
  }
  expect(found(files, ['LD_PRELOAD=libj.so libgone.so'])).toEqual({
    'libj.so': '/usr/lib/libj.so',
    'libgone.so': undefined,
    'libk.so': undefined,
  })
})
