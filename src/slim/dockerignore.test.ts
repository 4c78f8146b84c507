import { expect, test } from 'vitest'
import { ignoreMatcher, parseIgnore } from '../context/index.ts'
import { dockerignoreFor, withVersionControlIgnored } from './dockerignore.ts'

const ordinary = ['app.py', '.git/HEAD', 'pkg/__pycache__/m.cpython-311.pyc', 'pkg/m.py']

test('version control, caches and secrets, nothing else', () => {
  const made = dockerignoreFor({ contextFiles: ordinary, openedByFat: new Set(['app.py']) })
  expect(new Set(made?.lines.map((line) => line.group))).toEqual(
    new Set(['version control', 'caches', 'secrets']),
  )
  expect(made?.leftOut).toEqual([])
  const matcher = ignoreMatcher(parseIgnore({ name: '.dockerignore', text: made?.text ?? '' }))
  expect(ordinary.filter((path) => !matcher.excludes(path))).toEqual(['app.py', 'pkg/m.py'])
})

test('a file that the fat run opened is never hidden', () => {
  const contextFiles = [...ordinary, '.env', '.env.local']
  const made = dockerignoreFor({ contextFiles, openedByFat: new Set(['.env', '.git/HEAD']) })
  const patterns = made?.lines.map((line) => line.pattern)
  expect(patterns).not.toContain('**/.env')
  expect(patterns).not.toContain('.git')
  expect(patterns).toContain('**/.env.*')
})

test('a secret stays in while nobody knows whether it is read', () => {
  const made = dockerignoreFor({ contextFiles: [...ordinary, 'conf/.env'], openedByFat: null })
  expect(made?.lines.map((line) => line.pattern)).not.toContain('**/.env')
  expect(made?.leftOut).toEqual([{ pattern: '**/.env', because: 'the app may read conf/.env' }])
})

test('byte code without a source is no cache', () => {
  const made = dockerignoreFor({ contextFiles: ['app.py', 'secret.pyc'], openedByFat: null })
  expect(made?.lines.map((line) => line.pattern)).not.toContain('**/*.pyc')
})

test('byte code that the run opened is made again from its source', () => {
  const opened = new Set(['pkg/__pycache__/m.cpython-311.pyc'])
  const made = dockerignoreFor({ contextFiles: ordinary, openedByFat: opened })
  expect(made?.lines.map((line) => line.pattern)).toContain('**/__pycache__')
})

test('a version that comes from git needs git', () => {
  const made = dockerignoreFor({
    contextFiles: ordinary,
    openedByFat: null,
    needsVersionControl: true,
  })
  expect(made?.lines.map((line) => line.pattern)).not.toContain('.git')
})

test("a project's own file gets a line for version control that it lets in, at its end, and no other", () => {
  const seen = {
    contextFiles: ordinary,
    needsVersionControl: false,
    neededByLean: new Set<string>(),
  }
  expect(withVersionControlIgnored('*\n!app.py\n!.git', seen)).toBe('*\n!app.py\n!.git\n.git\n')
  expect(
    withVersionControlIgnored('', { ...seen, contextFiles: ['app.py', '.env'] }),
  ).toBeUndefined()
  expect(withVersionControlIgnored('x\n', { ...seen, needsVersionControl: true })).toBeUndefined()
  const neededByLean = new Set(['.git/HEAD'])
  expect(withVersionControlIgnored('x\n', { ...seen, neededByLean })).toBeUndefined()
})
