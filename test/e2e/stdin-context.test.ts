import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Cli, cliOn, leftovers, writeFiles } from '../support/jettison.ts'

const program = join(import.meta.dirname, '../../bin/jettison')
let world: string
let jettison: Cli

beforeAll(() => {
  world = mkdtempSync(join(tmpdir(), 'jettison-e2e-stdin-'))
  jettison = cliOn(join(world, 'store'))
})

afterAll(() => {
  const left = leftovers(jettison.store)
  rmSync(world, { recursive: true, force: true })
  expect(left).toEqual([])
})

/** Exit code and stderr of a build that is given this on standard input. */
function build(input: string | Buffer, ...args: readonly string[]) {
  const words = [`JETTISON_HOME=${jettison.store}`, 'NO_COLOR=1', program, 'build', ...args]
  const { status, stderr } = spawnSync('env', words, { input, encoding: 'utf8' })
  return { status, stderr }
}

test('-f - has the Dockerfile on standard input and the context in the folder', () => {
  const folder = writeFiles(join(world, 'app'), { here: 'x', Dockerfile: 'FROM nowhere\n' })
  expect(build('FROM scratch\nCOPY here /\n', '-f', '-', folder)).toMatchObject({ status: 0 })
})

test('a single - has no context at all', () => {
  expect(build('FROM scratch\nWORKDIR /x\n', '-')).toMatchObject({ status: 0 })
  const { status, stderr } = build('FROM scratch\nCOPY package.json /\n', '-')
  expect(status).toBe(2)
  expect(stderr).toContain('Dockerfile (stdin):2')
})

test('an archive on standard input is told from a Dockerfile', () => {
  for (const archive of [Buffer.alloc(1024), Buffer.from([0x1f, 0x8b, 8, 1])]) {
    const { status, stderr } = build(archive, '-')
    expect({ status, stderr }).toMatchObject({ status: 2 })
    expect(stderr).toContain('code: CONTEXT_INVALID')
  }
  expect(build('FROM scratch\n', '-f', 'x', '-').status).toBe(2)
})

test('context: every file is either in it or kept out by one line', async () => {
  const files = { 'a.log': 'abc', 'big/x': 'x'.repeat(1000), 'big/keep': 'k', src: 'source' }
  const folder = writeFiles(join(world, 'context'), {
    ...files,
    '.dockerignore': '# c\n*.log\nbig\n!big/keep\n',
  })
  const account = JSON.parse(await jettison.ok(['context', '--json', folder]))
  expect(account.included).toMatchObject({ files: 3 })
  expect(account.excluded).toEqual([
    { line: 2, pattern: '*.log', files: 1, bytes: files['a.log'].length },
    { line: 3, pattern: 'big', files: 1, bytes: files['big/x'].length },
    { line: 4, pattern: '!big/keep', files: 0, bytes: 0 },
  ])
  expect(await jettison.ok(['context', folder])).toMatch(/LINE +PATTERN\n1 +3B +2 +\*\.log\n/)
})
