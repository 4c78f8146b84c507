import { execFileSync, spawnSync } from 'node:child_process'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { expect, test } from 'vitest'
import { type Package, pythonEnvironments, readDpkg } from '../src/analysis/index.ts'
import { debianRoot } from './support/debian-root.ts'
import { hostTree } from './support/host-tree.ts'
import { memoryTree } from './support/memory-tree.ts'

const root = debianRoot()
const tree = hostTree(root)
const database = readDpkg(tree)

test('installed packages are those that dpkg-query lists', () => {
  const format = '$' + '{Package}|$' + '{Version}|$' + '{Architecture}|$' + '{Priority}\n'
  const told = dpkgQuery('-W', '-f', format).trim().split('\n')
  const read = [...(database?.packages.values() ?? [])].map(
    (one) => `${one.name}|${one.version}|${one.arch ?? ''}|${one.priority ?? ''}`,
  )
  expect(new Set(read)).toEqual(new Set(told))
  expect(told.length).toBeGreaterThan(50)
})

test('owners of files are those that dpkg -S names', () => {
  const info = join(root, 'var/lib/dpkg/info')
  const listed = readdirSync(info)
    .filter((name) => name.endsWith('.list'))
    .flatMap((name) => readFileSync(join(info, name), 'utf8').split('\n'))
    .filter((path) => tree.lookup(path)?.kind === 'file')
    .filter((_, index) => index % 23 === 0)
  expect(listed.length).toBeGreaterThan(200)
  const told = new Map(
    dpkgQuery('-S', ...listed.map((path) => path.replace(/[[*?\\]/g, '\\$&')))
      .split('\n')
      .filter((line) => line !== '' && !line.startsWith('diversion'))
      .map((line) => line.split(/: (?=\/)/))
      .map(([owner = '', path = '']) => [path, owner.replace(/:\w+$/, '')] as const),
  )
  const read = new Map([...told.keys()].map((path) => [path, database?.ownerOf(path)?.name]))
  expect(read).toEqual(told)
})

test('every spelling of a merged /usr path has the same owner', () => {
  const owners = [
    '/lib/x86_64-linux-gnu/libc.so.6',
    '/usr/lib/x86_64-linux-gnu/libc.so.6',
    '/bin/bash',
    '/usr/bin/bash',
    '/lib64/ld-linux-x86-64.so.2',
    '/bin/sh',
    '/usr/bin/awk',
  ].map((path) => database?.ownerOf(path)?.name)
  expect(owners).toEqual(['libc6', 'libc6', 'bash', 'bash', 'libc6', 'dash', 'mawk'])
  expect(database?.ownerOf('/etc/does-not-exist')).toBeUndefined()
})

test('a distroless image of the same packages has the same owners', () => {
  const packages = [...(database?.packages.values() ?? [])]
  const sumsOf = ({ name, arch }: Package): string => {
    const sums = [name, `${name}:${arch}`].map((file) =>
      join(root, `var/lib/dpkg/info/${file}.md5sums`),
    )
    return (
      sums.filter((path) => existsSync(path)).map((path) => readFileSync(path, 'utf8'))[0] ?? ''
    )
  }
  const parts = packages.flatMap((one) => [
    [`/var/lib/dpkg/status.d/${one.name}`, dpkgQuery('-s', one.name)] as const,
    [`/var/lib/dpkg/status.d/${one.name}.md5sums`, sumsOf(one)] as const,
  ])
  const merged = ['bin', 'sbin', 'lib', 'lib64'].map(
    (name) => [`/${name}`, { link: `usr/${name}` }] as const,
  )
  const distroless = readDpkg(memoryTree([Object.fromEntries([...merged, ...parts])]))
  expect([...(distroless?.packages.values() ?? [])].map(({ version }) => version)).toEqual(
    packages.map(({ version }) => version),
  )
  const files = packages.flatMap((one) =>
    [...sumsOf(one).matchAll(/^\S+\s+(.+)$/gm)].map(([, path]) => [one.name, `/${path}`] as const),
  )
  expect(files.length).toBeGreaterThan(1000)
  expect(files.map(([, path]) => [distroless?.ownerOf(path)?.name, path])).toEqual(files)
})

const script = `
import importlib.metadata as m, json, os, sys
seen = {}
for d in m.distributions():
    name = d.metadata["Name"]
    if name and name not in seen:
        record = d.read_text("RECORD") is not None
        files = [os.path.normpath(str(d.locate_file(f))) for f in d.files or []] if record else None
        seen[name] = {"version": d.version, "files": files}
print(json.dumps({"executable": sys.executable, "version": sys.version, "found": seen}))
`
const python = spawnSync('python3', ['-c', script], {
  encoding: 'utf8',
  cwd: '/',
  maxBuffer: 1 << 30,
})

test.skipIf(python.status !== 0)('Python distributions are those that Python finds', () => {
  const told = JSON.parse(python.stdout) as {
    readonly executable: string
    readonly version: string
    readonly found: Readonly<
      Record<string, { readonly version: string; readonly files: string[] | null }>
    >
  }
  const [environment] = pythonEnvironments(hostTree('/'), {
    config: { Env: [`PATH=${dirname(told.executable)}`] },
  })
  expect(told.version.startsWith(`${environment?.version}.`)).toBe(true)
  const distributions = environment?.distributions ?? []
  const versions = (pairs: readonly (readonly [string, string])[]): unknown => new Map([...pairs])
  expect(versions(distributions.map(({ name, version }) => [name, version]))).toEqual(
    versions(Object.entries(told.found).map(([name, { version }]) => [name, version])),
  )
  for (const one of distributions) {
    const files = told.found[one.name]?.files
    if (files) expect(new Set(one.files), one.name).toEqual(new Set(files))
  }
})

const pip = spawnSync('python3', ['-m', 'pip', 'list', '--format', 'json'], {
  encoding: 'utf8',
  cwd: '/',
})

test.skipIf(pip.status !== 0 || python.status !== 0)('and those that pip lists', () => {
  const told = JSON.parse(pip.stdout) as readonly { name: string; version: string }[]
  const { executable } = JSON.parse(python.stdout) as { executable: string }
  const [environment] = pythonEnvironments(hostTree('/'), {
    config: { Env: [`PATH=${dirname(executable)}`] },
  })
  const read = (environment?.distributions ?? []).map(({ name, version }) => `${name} ${version}`)
  expect(new Set(read)).toEqual(new Set(told.map(({ name, version }) => `${name} ${version}`)))
})

function dpkgQuery(...args: readonly string[]): string {
  return execFileSync('dpkg-query', [`--admindir=${join(root, 'var/lib/dpkg')}`, ...args], {
    encoding: 'utf8',
    maxBuffer: 1 << 28,
  })
}
