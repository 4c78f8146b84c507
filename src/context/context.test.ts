import { execFileSync } from 'node:child_process'
import {
  chmodSync,
  chownSync,
  existsSync,
  linkSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { sha256 } from '../image/index.ts'
import { ignoredByLine, type OpenContext, openContext } from './index.ts'
import { openStatIndex } from './stat-index.ts'

let dir: string
let indexDir: string

beforeEach(() => {
  const top = mkdtempSync(join(tmpdir(), 'jettison-context-'))
  dir = join(top, 'ctx')
  indexDir = join(top, 'index')
  mkdirSync(dir)
})
afterEach(() => {
  rmSync(dirname(dir), { recursive: true })
})

function put(path: string, text = path): void {
  mkdirSync(dirname(join(dir, path)), { recursive: true })
  writeFileSync(join(dir, path), text)
}

function open(...lines: readonly string[]): OpenContext {
  return openContext({
    dir,
    indexDir,
    ignoreFile: { name: '.dockerignore', text: lines.join('\n') },
  })
}

const paths = (context: OpenContext) => [...context.tree.walk()].map((entry) => entry.path)

test('an entry is what BuildKit sends: owner 0:0, every mode bit, seconds, links as links', () => {
  put('run.sh')
  chownSync(join(dir, 'run.sh'), 1234, 1234)
  chmodSync(join(dir, 'run.sh'), 0o4755)
  utimesSync(join(dir, 'run.sh'), 1_600_000_000.9, 1_600_000_000.9)
  symlinkSync('/etc/passwd', join(dir, 'link'))
  execFileSync('mkfifo', [join(dir, 'pipe')])
  const { tree } = open()
  expect(tree.lookup('/run.sh')).toMatchObject({
    kind: 'file',
    mode: 0o4755,
    uid: 0,
    gid: 0,
    size: 6,
    mtime: 1_600_000_000,
    layer: 0,
  })
  expect(tree.lookup('/link')).toMatchObject({ kind: 'symlink', link: '/etc/passwd' })
  expect(tree.lookup('/pipe')?.kind).toBe('fifo')
  expect(tree.lookup('/')?.kind).toBe('dir')
  expect(tree.readdir('/')).toEqual(['link', 'pipe', 'run.sh'])
})

test('nothing outside the context can be reached', () => {
  put('a/file')
  symlinkSync('/etc', join(dir, 'etc'))
  const context = open()
  for (const path of [
    '/etc/passwd',
    '/../ctx/a/file',
    '/a/../a/file',
    '/a//file',
    '/./a',
    'a',
    '/a/file/x',
    '/a\0',
  ])
    expect(context.tree.lookup(path), path).toBeUndefined()
  expect(() => context.tree.read('/etc/passwd')).toThrow('not a regular file')
  expect(() => context.contentDigest('/etc')).toThrow('not a regular file')
  expect(context.tree.readdir('/etc')).toEqual([])
})

test('a socket is there, for COPY to make an empty file of it', async () => {
  const server = createServer().listen(join(dir, 'socket'))
  await new Promise((resolve) => server.once('listening', resolve))
  put('file')
  expect(paths(open())).toEqual(['/', '/file', '/socket'])
  expect(open().tree.lookup('/socket')?.kind).toBe('socket')
  await new Promise((resolve) => server.close(resolve))
})

test('ignored paths are absent, re-included ones bring their directories back', () => {
  for (const path of [
    'docs/a.md',
    'docs/b.md',
    'docs/api/x.md',
    'src/m.py',
    'src/m.pyc',
    'tmp/y',
    '.git/HEAD',
  ])
    put(path)
  const context = open('# comment', 'docs', '!docs/api', '**/*.pyc', '/tmp/', '.git')
  expect(paths(context)).toEqual(['/', '/docs', '/docs/api', '/docs/api/x.md', '/src', '/src/m.py'])
  expect(context.tree.lookup('/docs/a.md')).toBeUndefined()
  expect(context.tree.lookup('/.git/HEAD')).toBeUndefined()
  expect(context.tree.lookup('/docs')).toMatchObject({
    kind: 'dir',
    mode: lstatSync(join(dir, 'docs')).mode & 0o7777,
  })
})

test('an excluded directory in which nothing comes back is absent', () => {
  put('docs/a.md')
  expect(paths(open('docs', '!docs/none.md'))).toEqual(['/'])
  expect(paths(open('docs', '!**/none.md'))).toEqual(['/'])
})

test.each(['**', '**/', '**/**', '*'])('%j empties the context and leaves the root', (pattern) => {
  put('a/b')
  expect(paths(open(pattern))).toEqual(['/'])
})

test('".*" and "." leave the root alone', () => {
  put('.env')
  put('a')
  expect(paths(open('.*'))).toEqual(['/', '/a'])
  expect(paths(open('.'))).toEqual(['/', '/.env', '/a'])
})

test.skipIf(process.getuid?.() !== 0)(
  'an excluded directory may be unreadable, an included one may not',
  () => {
    put('private/x')
    put('open')
    chmodSync(join(dir, 'private'), 0o700)
    chmodSync(dirname(dir), 0o755)
    process.seteuid?.(65534)
    try {
      expect(() => paths(open())).toThrow('cannot read private in the build context: EACCES')
      expect(paths(open('private'))).toEqual(['/', '/open'])
    } finally {
      process.seteuid?.(0)
    }
  },
)

test('names that are not UTF-8 keep their bytes', () => {
  const name = Buffer.concat([Buffer.from(`${dir}/caf`), Buffer.from([0xe9])])
  writeFileSync(name, 'latin')
  put('café', 'utf8')
  const context = open()
  const [, latin = '', utf8 = ''] = paths(context)
  const texts = [latin, utf8].map((path) => Buffer.from(context.tree.read(path)).toString())
  expect(new Set(texts)).toEqual(new Set(['latin', 'utf8']))
  expect([latin, utf8].map((path) => context.contentDigest(path))).toEqual(
    texts.map((text) => sha256(text)),
  )
  context.saveIndex()
})

test('hostPath is given only where the directory shows exactly what the tree shows', () => {
  put('app/a.py')
  put('app/deep/b.pyc')
  put('lib/c.py')
  const context = open('**/*.pyc')
  expect(context.hostPath('/app')).toBeNull()
  expect(context.hostPath('/')).toBeNull()
  expect(context.hostPath('/lib')).toBe(join(context.root, 'lib'))
  expect(context.hostPath('/lib/c.py')).toBe(join(context.root, 'lib/c.py'))
  expect(context.hostPath('/app/deep/b.pyc')).toBeNull()
  expect(open().hostPath('/')).toBe(open().root)
})

test('files that are hard links say so', () => {
  put('a')
  linkSync(join(dir, 'a'), join(dir, 'b'))
  const { tree } = open()
  expect(tree.lookup('/a')?.hardlinkGroup).toBe(tree.lookup('/b')?.hardlinkGroup)
  expect(tree.lookup('/a')?.hardlinkGroup).toBeDefined()
})

test('read gives the bytes, or a part of them', () => {
  put('a', 'hello world')
  const { tree } = open()
  expect(Buffer.from(tree.read('/a')).toString()).toBe('hello world')
  expect(Buffer.from(tree.read('/a', { offset: 6, length: 3 })).toString()).toBe('wor')
  expect(tree.read('/a', { offset: 10, length: 100 }).length).toBe(1)
})

/** Old enough for the index to trust it: real time has to pass, as a file's ctime cannot be set. */
async function age(): Promise<void> {
  await new Promise((resolve) => setTimeout(resolve, 60))
}

test('digests survive in the index until the stat changes', async () => {
  put('a', 'one')
  put('b', 'two')
  await age()
  const first = open()
  expect(first.contentDigest('/a')).toBe(sha256('one'))
  expect(first.contentDigest('/b')).toBe(sha256('two'))
  first.saveIndex()
  const [file] = readdirSync(indexDir)
  const saved = readFileSync(join(indexDir, String(file)))

  writeFileSync(join(dir, 'a'), 'six')
  await age()
  const second = open()
  expect(second.contentDigest('/a')).toBe(sha256('six'))
  expect(second.contentDigest('/b')).toBe(sha256('two'))
  second.saveIndex()
  expect(readFileSync(join(indexDir, String(file))).equals(saved)).toBe(false)

  const third = open()
  expect(third.contentDigest('/a')).toBe(sha256('six'))
  const before = statSync(join(indexDir, String(file))).mtimeMs
  third.saveIndex()
  expect(statSync(join(indexDir, String(file))).mtimeMs).toBe(before)
})

test('a file as young as its digest is not trusted: it may be written again in the same tick', () => {
  put('a')
  const stat = lstatSync(join(dir, 'a'))
  const known = (hashedAt: number) => {
    const index = openStatIndex(indexDir, 'root')
    index.put('/a', stat, sha256('a'), hashedAt)
    index.save(() => undefined)
    const found = openStatIndex(indexDir, 'root').find('/a', stat)
    rmSync(indexDir, { recursive: true, force: true })
    return found !== undefined
  }
  expect(known(stat.ctimeMs - 1)).toBe(false)
  expect(known(stat.ctimeMs + 10)).toBe(false)
  expect(known(stat.ctimeMs + 5000)).toBe(true)
})

test('a file that became a link, a FIFO or nothing after it was seen is not read through', () => {
  for (const name of ['link', 'pipe', 'gone']) put(name)
  const context = open()
  for (const name of ['link', 'pipe', 'gone']) context.tree.lookup(`/${name}`)
  for (const name of ['link', 'pipe', 'gone']) rmSync(join(dir, name))
  symlinkSync('/etc/hostname', join(dir, 'link'))
  execFileSync('mkfifo', [join(dir, 'pipe')])
  for (const name of ['link', 'pipe', 'gone']) {
    expect(() => context.contentDigest(`/${name}`), name).toThrow(
      'changed while the build was reading it',
    )
    expect(() => context.tree.read(`/${name}`), name).toThrow(
      'changed while the build was reading it',
    )
  }
})

test('an index that cannot be written fails nothing', () => {
  put('a')
  writeFileSync(indexDir, 'a file where the folder should be')
  const context = open()
  context.contentDigest('/a')
  context.saveIndex()
  expect(readFileSync(indexDir, 'utf8')).toContain('a file')
})

test('a known file is not read again: the index is believed, even when it is made to lie', () => {
  put('a', 'one')
  const stat = lstatSync(join(dir, 'a'))
  const index = openStatIndex(indexDir, open().root)
  index.put('/a', stat, sha256('a lie'), Date.now() + 10_000)
  index.save(() => undefined)
  expect(open().contentDigest('/a')).toBe(sha256('a lie'))
  chmodSync(join(dir, 'a'), 0o700)
  expect(open().contentDigest('/a')).toBe(sha256('one'))
})

test('a torn index counts as none', async () => {
  put('a', 'one')
  await age()
  const context = open()
  context.contentDigest('/a')
  context.saveIndex()
  const file = join(indexDir, String(readdirSync(indexDir)[0]))
  const bytes = readFileSync(file)
  for (const broken of [
    bytes.subarray(0, 40),
    bytes.subarray(0, -1),
    Buffer.concat([bytes, Buffer.alloc(8)]),
    Buffer.from('x'),
  ]) {
    writeFileSync(file, broken)
    expect(open().contentDigest('/a')).toBe(sha256('one'))
  }
  bytes[60] = (bytes[60] ?? 0) ^ 1
  writeFileSync(file, bytes)
  expect(open().contentDigest('/a')).toBe(sha256('one'))
})

test('asking for one file does not walk the others', () => {
  put('a/one')
  for (let n = 0; n < 20; n++) put(`big/d${n}/file`)
  const context = open()
  expect(context.contentDigest('/a/one')).toBe(sha256('a/one'))
  // What was not looked at then is seen as it is now.
  put('big/d0/late')
  expect(context.tree.readdir('/big/d0')).toEqual(['file', 'late'])
})

test('each line of the ignore file accounts for what it keeps out', () => {
  put('node_modules/x/a.js', '12345')
  put('node_modules/y.js', '1')
  put('a.pyc', '22')
  put('keep.pyc', '333')
  put('src/b.pyc', '4444')
  const context = open('node_modules', '**/*.pyc', '!keep.pyc')
  expect(
    ignoredByLine(context).map(({ pattern, files, bytes }) => [pattern.text, files, bytes]),
  ).toEqual([
    ['node_modules', 2, 6],
    ['**/*.pyc', 2, 6],
    ['keep.pyc', 0, 0],
  ])
})

test('a context that is none says so', () => {
  put('file')
  const at = (path: string) => () => openContext({ dir: join(dir, path), indexDir })
  expect(at('missing')).toThrow('cannot open the build context')
  expect(at('file')).toThrow('not a directory')
  expect(existsSync(indexDir)).toBe(false)
})

test('the line that keeps a file out is named; what is not there, or in the context, has none', () => {
  for (const path of ['a.log', 'logs/deep/b', 'kept.log', 'plain']) put(path)
  const context = open('# comment', '*.log', '!kept.log', '', 'logs/')
  const hidden = (path: string) => context.hiddenBy?.(path)
  expect(hidden('/a.log')).toBe('.dockerignore:2 (*.log)')
  expect(hidden('/logs/deep/b')).toBe('.dockerignore:5 (logs/)')
  for (const path of ['/kept.log', '/plain', '/none.log']) expect(hidden(path)).toBeNull()
})
