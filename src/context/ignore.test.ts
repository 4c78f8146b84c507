import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { describeFault, isFault } from '../base/index.ts'
import { findIgnoreFile, parseIgnore } from './index.ts'

const parse = (text: string) =>
  parseIgnore({ name: '.dockerignore', text }).map(({ text: pattern, negated }) =>
    negated ? `!${pattern}` : pattern,
  )

test('lines are read as moby reads them', () => {
  expect(
    parse(
      'test1\n/test2\n/a/file/here\n\nlastfile\n# a comment\n! /inverted/abs/path\n!\t/x\n! \\#y',
    ),
  ).toEqual(['test1', 'test2', 'a/file/here', 'lastfile', '!inverted/abs/path', '!x', '!\\#y'])
  expect(parse('\uFEFFdir\r\n #not-a-comment \r\na/../b/./c//d/\r\n//e\r\n/\r\n.\r\n')).toEqual([
    'dir',
    '#not-a-comment',
    'b/c/d',
    'e',
    '/',
    '.',
  ])
  expect(parse('')).toEqual([])
})

test.each([
  ['ok\n!\n', 'illegal exclusion pattern', 2, '!'],
  ['! /\n', 'illegal exclusion pattern', 1, '! /'],
  ['a\n\n  [abc\n', 'malformed pattern', 3, '[abc'],
  ['a[z-a]\n', 'malformed pattern', 1, 'a[z-a]'],
])('%j is refused at its line', (text, message, line, marked) => {
  try {
    parse(text)
    expect.unreachable()
  } catch (error) {
    if (!isFault(error)) throw error
    expect(error).toMatchObject({ code: 'DOCKERIGNORE_INVALID', kind: 'invalid' })
    expect(error.message).toContain(message)
    const range = error.at?.range ?? { start: 0, end: 0 }
    expect(text.slice(range.start, range.end)).toBe(marked)
    expect(describeFault(error)).toContain(`.dockerignore:${line}`)
  }
})

let dir: string
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'jettison-ignore-'))
})
afterEach(() => {
  rmSync(dir, { recursive: true })
})

const find = (dockerfile: string | null) =>
  findIgnoreFile({ contextDir: join(dir, 'ctx'), dockerfile: dockerfile && join(dir, dockerfile) })
    ?.text

test('the file beside the Dockerfile comes before the one in the root', () => {
  mkdirSync(join(dir, 'ctx'))
  expect(find('Dockerfile')).toBeUndefined()
  writeFileSync(join(dir, 'ctx/.dockerignore'), 'root')
  expect(find('other/Dockerfile')).toBe('root')
  expect(find(null)).toBe('root')
  writeFileSync(join(dir, 'My.Dockerfile.dockerignore'), '')
  expect(find('My.Dockerfile')).toBe('')
  expect(find('Dockerfile')).toBe('root')
})

test('links out of the folder, FIFOs and directories are refused, links inside are read', () => {
  const file = join(dir, 'ctx/.dockerignore')
  const replace = (make: () => void) => {
    rmSync(join(dir, 'ctx'), { recursive: true, force: true })
    mkdirSync(join(dir, 'ctx'))
    make()
  }
  replace(() => symlinkSync('/etc/hostname', file))
  expect(() => find(null)).toThrow('leads out of its folder')
  replace(() => execFileSync('mkfifo', [file]))
  expect(() => find(null)).toThrow('not a regular file')
  replace(() => mkdirSync(file))
  expect(() => find(null)).toThrow('not a regular file')
  replace(() => {
    writeFileSync(join(dir, 'ctx/real'), 'yes')
    symlinkSync('real', file)
  })
  expect(find(null)).toBe('yes')
  replace(() => symlinkSync('missing', file))
  expect(find(null)).toBeUndefined()
})
