import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import {
  analyzeImage,
  buildTools,
  dataFiles,
  pythonEnvironments,
  readDpkg,
} from '../src/analysis/index.ts'
import { readLoaderCache } from '../src/analysis/linking/loader-cache.ts'
import type { ContainerConfig, ImageConfig } from '../src/image/index.ts'
import { debianRoot } from './support/debian-root.ts'
import { hostTree } from './support/host-tree.ts'
import { memoryTree } from './support/memory-tree.ts'

const root = debianRoot()
const image = (config: ContainerConfig, history: ImageConfig['history'] = []): ImageConfig => ({
  architecture: 'amd64',
  os: 'linux',
  config,
  rootfs: { type: 'layers', diff_ids: [] },
  history,
})

test('categories of a real root sum to the bytes of its files, hard links once', () => {
  const analysis = analyzeImage({ tree: hostTree(root), config: image({ Cmd: ['bash'] }) })
  const told = execFileSync('find', [root, '-xdev', '-type', 'f', '-printf', '%i %s\\n'], {
    encoding: 'utf8',
    maxBuffer: 1 << 28,
  })
  const inodes = new Map(
    told
      .trim()
      .split('\n')
      .map((line) => line.split(' ').map(Number) as [number, number]),
  )
  const bytes = [...inodes.values()].reduce((sum, size) => sum + size, 0)
  expect(analysis.bytes).toBe(bytes)
  expect(analysis.categories.reduce((sum, one) => sum + one.bytes, 0)).toBe(bytes)
  expect(analysis.categories.reduce((sum, one) => sum + one.files, 0)).toBe(inodes.size)
  const sizes = new Map(analysis.categories.map(({ id, bytes: size }) => [id, size]))
  expect(sizes.get('base-system')).toBeGreaterThan(sizes.get('other') ?? 0)
  expect(sizes.has('compilers')).toBe(false)
})

test('a minimal root has no build tool but what its own runtime packages ship', () => {
  const tree = hostTree(root)
  const tools = buildTools(tree, readDpkg(tree))
  expect(tools.filter(({ keptBy }) => keptBy === undefined)).toEqual([])
})

test('the loader cache is read as ldconfig reads it', () => {
  const path = join(root, 'etc/ld.so.cache')
  const told = execFileSync('/sbin/ldconfig', ['-p', '-C', path], { encoding: 'utf8' })
  const expected = [...told.matchAll(/^\t(\S+) \(.*\) => (\S+)$/gm)].map((match) => match.slice(1))
  const cache = readLoaderCache(readFileSync(path)) ?? new Map<string, readonly string[]>()
  const read = [...cache].flatMap(([name, paths]) => paths.map((found) => [name, found]))
  expect(expected.length).toBeGreaterThan(20)
  expect(new Set(read.map(String))).toEqual(new Set(expected.map(String)))
})

test('data files of a minimal root', () => {
  const found = new Map(dataFiles(hostTree(root)).map(({ id, path }) => [id, path]))
  expect(found.get('passwd')).toBe('/etc/passwd')
  expect(found.get('zoneinfo')).toBe('/usr/share/zoneinfo/Etc')
  expect(found.get('gconv')).toBe('/usr/lib/x86_64-linux-gnu/gconv')
  expect(found.get('ca-certificates')).toBeUndefined()
})

const site = '/usr/local/lib/python3.11/site-packages'
const elf = { text: `\x7fELF${'.'.repeat(96)}`, mode: 0o755 }
const layered = memoryTree([
  {
    '/etc/passwd': 'root',
    '/var/lib/dpkg/status':
      'Package: gcc-12\nStatus: install ok installed\nVersion: 12\n\nPackage: curl\nStatus: install ok installed\nVersion: 7\n\nPackage: libx-dev\nStatus: install ok installed\nVersion: 1\n',
    '/var/lib/dpkg/info/curl.list':
      '/usr/bin/curl\n/usr/share/doc/curl/copyright\n/usr/share/doc/curl/NEWS\n',
    '/usr/bin/curl': elf,
    '/usr/share/doc/curl/copyright': 'licence',
    '/usr/share/doc/curl/NEWS': 'news',
    '/usr/local/bin/python3.11': elf,
    '/usr/local/lib/python3.11/os.py': 'os',
    '/usr/local/include/python3.11/Python.h': 'h',
  },
  {
    '/var/lib/dpkg/info/gcc-12.list': '/usr/bin/x86_64-linux-gnu-gcc-12\n',
    '/var/lib/dpkg/info/libx-dev.list':
      '/usr/include/x.h\n/usr/lib/libx.a\n/usr/lib/pkgconfig/x.pc\n',
    '/usr/bin/x86_64-linux-gnu-gcc-12': elf,
    '/usr/bin/gcc': { link: 'x86_64-linux-gnu-gcc-12' },
    '/usr/include/x.h': 'int x;',
    '/usr/lib/libx.a': '!<arch>\nx',
    '/usr/lib/pkgconfig/x.pc': 'Name: x',
    '/root/.cache/pip/http/1': 'cached',
    '/root/.cache/huggingface/model': 'weights',
    '/wheels/a-1-py3-none-any.whl': 'PK',
  },
  {
    [`${site}/numpy-1.dist-info/METADATA`]: 'Name: numpy\nVersion: 1.26\n',
    [`${site}/numpy-1.dist-info/RECORD`]:
      'numpy/include/numpy/arrayobject.h,,\nnumpy/__init__.py,,\n',
    [`${site}/numpy/include/numpy/arrayobject.h`]: '#define',
    [`${site}/numpy/__init__.py`]: 'pass',
    [`${site}/numpy/__pycache__/__init__.cpython-311.pyc`]: 'pyc',
    '/app/app.py': 'app',
    '/app/src/own.h': 'own',
    '/app/.git/HEAD': 'ref: x',
    '/tmp/left': 'over',
  },
])
const config = image({ Env: ['PATH=/usr/local/bin:/usr/bin'], Cmd: ['curl'] }, [
  { created_by: 'ADD rootfs' },
  { created_by: 'ENV A=1', empty_layer: true },
  { created_by: 'RUN apt-get install gcc' },
  { created_by: 'COPY . .' },
])

test('every file of a small image is in the category it belongs to', () => {
  const { categories, bytes, layers, layerBytes } = analyzeImage({ tree: layered, config })
  const size = (path: string): number => layered.lookup(path)?.size ?? Number.NaN
  const sum = (...paths: readonly string[]): number =>
    paths.reduce((all, path) => all + size(path), 0)
  const found = Object.fromEntries(categories.map((one) => [one.id, one.bytes]))
  expect(found).toMatchObject({
    compilers: size('/usr/bin/x86_64-linux-gnu-gcc-12'),
    headers: sum(
      '/usr/include/x.h',
      '/usr/local/include/python3.11/Python.h',
      `${site}/numpy/include/numpy/arrayobject.h`,
    ),
    'static-libraries': size('/usr/lib/libx.a'),
    'dev-libraries': size('/usr/lib/pkgconfig/x.pc'),
    'docs-and-locales': size('/usr/share/doc/curl/NEWS'),
    'package-caches': sum('/root/.cache/pip/http/1', '/wheels/a-1-py3-none-any.whl', '/tmp/left'),
    vcs: size('/app/.git/HEAD'),
    app: sum('/app/app.py', '/app/src/own.h', '/root/.cache/huggingface/model'),
    bytecode: size(`${site}/numpy/__pycache__/__init__.cpython-311.pyc`),
    runtime: sum('/usr/bin/curl', '/usr/local/bin/python3.11', '/usr/local/lib/python3.11/os.py'),
  })
  expect(Object.values(found).reduce((all, one) => all + one, 0)).toBe(bytes)
  expect(layers.map(({ createdBy }) => createdBy)).toEqual([
    'ADD rootfs',
    'RUN apt-get install gcc',
    'COPY . .',
  ])
  expect(layerBytes).toBe(bytes)
})

test('a program that the image starts is never ballast', () => {
  const started = analyzeImage({
    tree: layered,
    config: { ...config, config: { ...config.config, Cmd: ['gcc', '--version'] } },
  })
  expect(started.categories.map(({ id }) => id)).not.toContain('compilers')
})

test('build tools with their layer, owner and the package that keeps them', () => {
  const tools = buildTools(layered, readDpkg(layered), pythonEnvironments(layered, config))
  const told = tools.map((one) => [
    one.kind,
    one.name,
    one.path,
    one.layer,
    one.package,
    one.keptBy,
  ])
  expect(new Set(told.map((row) => row.join(' ').trim()))).toEqual(
    new Set([
      'package gcc-12 /var/lib/dpkg/info/gcc-12.list 1 gcc-12',
      'package libx-dev /var/lib/dpkg/info/libx-dev.list 1 libx-dev',
      'compiler x86_64-linux-gnu-gcc-12 /usr/bin/x86_64-linux-gnu-gcc-12 1 gcc-12',
      'headers libx-dev /usr/include/x.h 1 libx-dev',
      'static-libraries libx-dev /usr/lib/libx.a 1 libx-dev',
      'headers /usr/local/include/python3.11 /usr/local/include/python3.11 0',
      `headers numpy 1.26 ${site}/numpy/include/numpy/arrayobject.h 2  numpy 1.26`,
      'package-cache pip cache /root/.cache/pip 1',
      'package-cache wheels /wheels 1',
      'vcs /app/.git /app/.git 2',
    ]),
  )
})
