import { execFileSync, spawnSync } from 'node:child_process'
import { lstatSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { hostTree } from '../../../test/support/host-tree.ts'
import { unpackedPackage } from '../../../test/support/unpacked-package.ts'
import type { FileTree, ImageConfig } from '../../image/index.ts'
import { pythonEnvironments } from '../python/index.ts'
import type { CategoryId, Package } from '../types.ts'
import { languageFacts } from './index.ts'
import type { LanguageFact, LanguageFacts } from './types.ts'

let root: string

beforeAll(() => {
  root = mkdtempSync(join(tmpdir(), 'jettison-languages-'))
})
afterAll(() => rmSync(root, { recursive: true }))

const imageConfig = (config: ImageConfig['config']): ImageConfig => ({
  ...{ architecture: 'amd64', os: 'linux', history: [], config },
  rootfs: { type: 'layers', diff_ids: [] },
})

function factsAt(tree: FileTree, config: ImageConfig['config']): LanguageFacts {
  const image = imageConfig(config)
  return languageFacts({ tree, config: image, environments: pythonEnvironments(tree, image) })
}

function factOf(tree: FileTree, facts: LanguageFacts, path: string): LanguageFact | undefined {
  const entry = tree.lookup(path)
  if (!entry) throw new Error(`${path} is not there`)
  return facts.of(entry)
}

const says = (fact: LanguageFact | undefined): readonly [CategoryId, string] | undefined =>
  fact && [fact.category, fact.confidence]

function write(files: Readonly<Record<string, string>>): void {
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(root, path)), { recursive: true })
    writeFileSync(join(root, path), text)
  }
}

/** Bytes of the regular files below a directory, other packages' directories left out: what `du -b` would add up. */
function bytesBelow(dir: string, leaveOut: RegExp): number {
  let sum = 0
  for (const name of readdirSync(dir)) {
    const path = join(dir, name)
    const stat = lstatSync(path)
    if (stat.isDirectory()) sum += leaveOut.test(path) ? 0 : bytesBelow(path, leaveOut)
    else if (stat.isFile()) sum += stat.size
  }
  return sum
}

function bytesOf(tree: FileTree, { files }: Package): number {
  return files.reduce((sum, path) => sum + (tree.lookup(path)?.size ?? 0), 0)
}

const npm = spawnSync('npm', ['--version'], { encoding: 'utf8' })

/** A packed package as npm takes it: everything below `package/`. */
function pack(name: string, files: Readonly<Record<string, string>>): string {
  const place = `packs/${name}`
  write(
    Object.fromEntries(
      Object.entries(files).map(([path, text]) => [`${place}/package/${path}`, text]),
    ),
  )
  const archive = join(root, `${name}.tgz`)
  execFileSync('tar', ['-czf', archive, '-C', join(root, place), 'package'])
  return `file:${archive}`
}

test.skipIf(npm.status !== 0)('packages that npm installed, with its own lock file', () => {
  const manifest = (value: object): string => JSON.stringify({ version: '1.2.3', ...value })
  const helper = pack('helper', {
    'package.json': manifest({ name: 'helper' }),
    'index.js': 'h'.repeat(70),
  })
  const tool = pack('tool', {
    'package.json': manifest({ name: 'tool', dependencies: { helper } }),
    'index.js': 't'.repeat(300),
  })
  const web = pack('web', {
    'package.json': manifest({ name: '@scope/web', main: 'lib/index.js' }),
    'lib/index.js': 'w'.repeat(1000),
    'lib/index.js.map': '{}',
    'lib/index.d.ts': 'export {}',
    'lib/test/kit.js': 'part of what it offers',
    'test/web.js': 'x'.repeat(40),
    'README.md': '# web',
    'LICENSE.md': 'MIT',
    'src/binding.cc': 'int x;',
    'prebuilds/darwin-arm64/web.node': 'mach-o',
    'prebuilds/linux-x64/web.node': 'elf',
  })
  const odd = pack('odd', {
    'package.json': manifest({ name: 'odd', main: './test/index.js' }),
    'test/index.js': 'module.exports = 1',
  })
  write({
    'app/package.json': JSON.stringify({
      name: 'app',
      dependencies: { '@scope/web': web, odd },
      devDependencies: { tool },
    }),
    'app/server.js': "require('@scope/web')",
  })
  const flags = ['--offline', '--no-audit', '--no-fund', '--ignore-scripts', '--silent']
  execFileSync('npm', ['install', ...flags], { cwd: join(root, 'app'), stdio: 'ignore' })
  const tree = hostTree(root)
  const facts = factsAt(tree, { Cmd: ['node', 'server.js'], WorkingDir: '/app' })
  const modules = '/app/node_modules'
  const at = (path: string): readonly [CategoryId, string] | undefined =>
    says(factOf(tree, facts, `${modules}/${path}`))
  expect(at('@scope/web/lib/index.js')).toEqual(['language-packages', 'A'])
  expect(at('@scope/web/LICENSE.md')).toEqual(['language-packages', 'A'])
  expect(at('@scope/web/lib/test/kit.js')).toEqual(['language-packages', 'A'])
  expect(at('@scope/web/prebuilds/linux-x64/web.node')).toEqual(['language-packages', 'A'])
  expect(at('odd/test/index.js')).toEqual(['language-packages', 'A'])
  expect(at('@scope/web/prebuilds/darwin-arm64/web.node')).toEqual(['dev-dependencies', 'B'])
  expect(at('@scope/web/lib/index.d.ts')).toEqual(['headers', 'B'])
  expect(at('@scope/web/lib/index.js.map')).toEqual(['debug-tools', 'B'])
  expect(at('@scope/web/test/web.js')).toEqual(['tests', 'B'])
  expect(at('@scope/web/README.md')).toEqual(['docs-and-locales', 'B'])
  expect(at('@scope/web/src/binding.cc')).toEqual(['headers', 'B'])
  expect(at('tool/index.js')).toEqual(['dev-dependencies', 'A'])
  expect(at('helper/index.js')).toEqual(['dev-dependencies', 'A'])
  expect(says(factOf(tree, facts, '/app/server.js'))).toBeUndefined()
  const installed = facts.packages.filter(({ manager }) => manager === 'npm')
  expect(installed.map(({ name, version }) => `${name} ${version}`).sort()).toEqual(
    ['@scope/web', 'helper', 'odd', 'tool'].map((name) => `${name} 1.2.3`),
  )
  for (const one of installed)
    expect(bytesOf(tree, one), one.name).toBe(
      bytesBelow(join(root, one.path ?? ''), /\/node_modules$/),
    )
  // What is started is no development package, and neither is what it needs.
  const started = factsAt(tree, { Cmd: ['node', '-r', 'tool/register', 'server.js'] })
  expect(says(factOf(tree, started, `${modules}/tool/index.js`))?.[0]).toBe('language-packages')
  expect(says(factOf(tree, started, `${modules}/helper/index.js`))?.[0]).toBe('language-packages')
})

const wheels = `
import sys, zipfile, base64, hashlib
def wheel(name, version, files, requires=()):
    info = f"{name}-{version}.dist-info"
    metadata = f"Metadata-Version: 2.1\\nName: {name}\\nVersion: {version}\\n" + "".join(f"Requires-Dist: {r}\\n" for r in requires)
    files = {**files, f"{info}/METADATA": metadata, f"{info}/WHEEL": "Wheel-Version: 1.0\\nGenerator: test\\nRoot-Is-Purelib: true\\nTag: py3-none-any\\n"}
    rows = [f"{p},sha256={base64.urlsafe_b64encode(hashlib.sha256(t.encode()).digest()).rstrip(b'=').decode()},{len(t)}" for p, t in files.items()]
    files[f"{info}/RECORD"] = "\\n".join(rows + [f"{info}/RECORD,,"]) + "\\n"
    with zipfile.ZipFile(f"{name}-{version}-py3-none-any.whl", "w") as archive:
        for path, text in files.items(): archive.writestr(path, text)
wheel("numbers", "2.0", {"numbers/__init__.py": "x = 1\\n", "numbers/tests/test_x.py": "assert 1\\n" * 9, "numbers/core.pyx": "cdef int x", "numbers/include/n.h": "int n;", "numbers/core.pyi": "x: int", "numbers/py.typed": ""})
wheel("setuptools", "99.0", {"setuptools/__init__.py": "s = 1\\n", "pkg_resources/__init__.py": "p = 1\\n"})
wheel("wheel", "9.0", {"wheel/__init__.py": "w = 1\\n"})
wheel("plugins", "1.0", {"plugins/__init__.py": "import pkg_resources\\n"})
wheel("asks", "1.0", {"asks/__init__.py": "a = 1\\n"}, ["wheel"])
`

const pip = spawnSync('python3', ['-m', 'pip', '--version'], { encoding: 'utf8' })

test.skipIf(pip.status !== 0)('distributions that pip installed into a virtual environment', () => {
  const builds = join(root, 'wheels')
  mkdirSync(builds)
  execFileSync('python3', ['-c', wheels], { cwd: builds })
  const venv = join(root, 'srv/venv')
  execFileSync('python3', ['-m', 'venv', '--without-pip', venv])
  const add = (...names: readonly string[]): void => {
    const files = readdirSync(builds).filter((file) => names.includes(file.split('-')[0] ?? ''))
    const python = ['-m', 'pip', '--python', join(venv, 'bin/python')]
    const flags = ['--no-index', '--no-deps', '--disable-pip-version-check', '-q']
    execFileSync('python3', [...python, 'install', ...flags, ...files], { cwd: builds })
  }
  add('numbers', 'setuptools', 'wheel')
  const tree = hostTree(root)
  const config = {
    Env: ['PATH=/srv/venv/bin', 'VIRTUAL_ENV=/srv/venv'],
    Cmd: ['python', '/srv/app.py'],
  }
  write({ 'srv/app.py': 'import numbers\n' })
  const facts = factsAt(tree, config)
  const site = `/srv/venv/lib/${readdirSync(join(venv, 'lib'))[0]}/site-packages`
  const at = (path: string, from = facts): readonly [CategoryId, string] | undefined =>
    says(factOf(tree, from, `${site}/${path}`))
  expect(at('numbers/__init__.py')).toEqual(['language-packages', 'A'])
  expect(at('numbers/py.typed')).toEqual(['language-packages', 'A'])
  expect(at('numbers-2.0.dist-info/METADATA')).toEqual(['language-packages', 'A'])
  expect(at('numbers/tests/test_x.py')).toEqual(['tests', 'B'])
  expect(at('numbers/core.pyx')).toEqual(['headers', 'B'])
  expect(at('numbers/include/n.h')).toEqual(['headers', 'B'])
  expect(at('numbers/core.pyi')).toEqual(['headers', 'B'])
  const compiled = readdirSync(join(root, site, 'numbers/__pycache__'))[0]
  expect(at(`numbers/__pycache__/${compiled}`)).toEqual(['bytecode', 'C'])
  expect(at('setuptools/__init__.py')).toEqual(['dev-dependencies', 'B'])
  expect(at('wheel/__init__.py')).toEqual(['dev-dependencies', 'B'])
  const numbers = facts.packages.find(({ name }) => name === 'numbers')
  const expected = ['numbers', 'numbers-2.0.dist-info'].reduce(
    (sum, name) => sum + bytesBelow(join(root, site, name), /(?!)/),
    0,
  )
  expect(numbers && bytesOf(tree, numbers)).toBe(expected)
  // What stays asks for them: one in its metadata, the other only in its sources.
  add('asks', 'plugins')
  const asked = factsAt(tree, config)
  expect(at('wheel/__init__.py', asked)).toEqual(['language-packages', 'A'])
  expect(at('setuptools/__init__.py', asked)).toEqual(['language-packages', 'A'])
  expect(at('numbers/tests/test_x.py', asked)).toEqual(['tests', 'B'])
})

const jars = `
import zipfile
def jar(name, members):
    with zipfile.ZipFile(name, "w") as archive:
        for path, text in members: archive.writestr(path, text)
pom = ("META-INF/maven/org.slf4j/slf4j-api/pom.properties", "groupId=org.slf4j\\nartifactId=slf4j-api\\nversion=2.0.9\\n")
jar("slf4j-api.jar", [pom, ("org/slf4j/Logger.class", "x" * 500)])
jar("jackson-core-2.15.2.jar", [("a/B.class", "x")])
jar("jackson-core-2.15.2-sources.jar", [("a/B.java", "x")])
jar("shop.jar", [("BOOT-INF/lib/inner-1.1.jar", "x"), ("a/C.class", "x")])
open("broken.jar", "w").write("no archive")
`

test('jars by what they say, what their name says, and what they hold', () => {
  const folder = join(root, 'lib-java')
  mkdirSync(folder)
  execFileSync('python3', ['-c', jars], { cwd: folder })
  const tree = hostTree(root)
  const facts = factsAt(tree, {})
  const at = (name: string): LanguageFact | undefined => factOf(tree, facts, `/lib-java/${name}`)
  expect(at('slf4j-api.jar')?.what).toBe('org.slf4j:slf4j-api 2.0.9 (maven)')
  expect(says(at('slf4j-api.jar'))).toEqual(['language-packages', 'A'])
  expect(says(at('jackson-core-2.15.2.jar'))).toEqual(['language-packages', 'B'])
  expect(says(at('jackson-core-2.15.2-sources.jar'))).toEqual(['dev-dependencies', 'B'])
  expect(says(at('shop.jar'))).toEqual(['app', 'B'])
  expect(at('broken.jar')).toBeUndefined()
  const found = facts.packages.filter(({ manager }) => manager === 'maven')
  const own = found.map((one) => [one.name, bytesOf(tree, one)])
  const size = (name: string): number => lstatSync(join(folder, name)).size
  expect(own).toContainEqual(['org.slf4j:slf4j-api', size('slf4j-api.jar')])
  // Its bytes are those of the jar around it, and are counted there.
  expect(own).toContainEqual(['inner', 0])
})

test('a program that Debian built with Go', () => {
  const tree = hostTree(unpackedPackage('runc'))
  const facts = factsAt(tree, {})
  const fact = factOf(tree, facts, '/usr/sbin/runc')
  expect(says(fact)).toEqual(['app', 'A'])
  expect(fact?.evidence).toMatch(/^Go 1\.\d/)
})
