import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Cli, cliOn, leftovers, writeFiles } from '../support/jettison.ts'

let world: string
let jettison: Cli

beforeAll(() => {
  world = mkdtempSync(join(tmpdir(), 'jettison-e2e-lint-'))
  jettison = cliOn(join(world, 'store'))
})

afterAll(() => {
  const left = leftovers(jettison.store)
  rmSync(world, { recursive: true, force: true })
  expect(left).toEqual([])
})

const legacy = 'FROM scratch\nENV LANG C.UTF-8\nCOPY . /app\n'

function project(name: string, files: Readonly<Record<string, string>>): string {
  return writeFiles(join(world, name), files)
}

type Document = {
  readonly findings: readonly {
    readonly rule: string
    readonly severity: string
    readonly lines: { readonly start: number }
  }[]
  readonly errors: readonly { readonly code: string }[]
}

test('lint finds checks and smells, and exits with 1', async () => {
  const folder = project('both', { Dockerfile: legacy })
  const { code, stdout } = await jettison.run(['lint', '--json', folder])
  expect(code).toBe(1)
  const { findings } = JSON.parse(stdout) as Document
  expect(findings.map(({ rule, lines }) => [rule, lines.start])).toEqual([
    ['LegacyKeyValueFormat', 2],
    ['WholeContextCopied', 3],
  ])
})

test('the Dockerfile itself may be named, with -f or without', async () => {
  const folder = project('named', { 'app.Dockerfile': legacy, '.dockerignore': '.git\n' })
  const plain = await jettison.run(['lint', join(folder, 'app.Dockerfile')])
  const flagged = await jettison.run(['lint', '-f', 'app.Dockerfile', '.'], { cwd: folder })
  expect(plain.stdout).toContain('1 warning has been found!')
  expect(flagged.stdout).toContain('app.Dockerfile:2')
  expect([plain.code, flagged.code]).toEqual([1, 1])
})

test('build --check prints the checks in the frame of BuildKit and builds nothing', async () => {
  const folder = project('check', { Dockerfile: legacy })
  const { code, stdout } = await jettison.run(['build', '--check', '.'], { cwd: folder })
  expect(code).toBe(1)
  await expect(stdout).toMatchFileSnapshot('../golden/lint/check.txt')
  expect(await jettison.ok(['image', 'ls', '-q'])).toBe('')
})

test('nothing found is exit 0', async () => {
  const folder = project('clean', { Dockerfile: 'FROM scratch\nENV A=b\n' })
  const { code, stdout } = await jettison.run(['build', '--check', folder])
  expect([code, stdout]).toEqual([0, 'Check complete, no warnings found.\n'])
})

test('a file that does not parse is exit 1 with its place', async () => {
  const folder = project('broken', { Dockerfile: 'FROM scratch\nRUNN true\n' })
  const { code, stdout } = await jettison.run(['lint', '.'], { cwd: folder })
  expect(code).toBe(1)
  expect(stdout).toContain('unknown instruction: RUNN (did you mean RUN?)')
  expect(stdout).toContain('>>> RUNN true')
})

test('--fix makes the safe edits and leaves the rest', async () => {
  const folder = project('fix', { Dockerfile: 'from scratch As Base\nENV A b\nWORKDIR app\n' })
  const { code, stderr } = await jettison.run(['lint', '--fix', folder])
  expect(code).toBe(1)
  expect(stderr).toContain('fixed LegacyKeyValueFormat')
  expect(readFileSync(join(folder, 'Dockerfile'), 'utf8')).toBe(
    'FROM scratch AS base\nENV A=b\nWORKDIR app\n',
  )
})

test('a build ends with its warnings; error=true stops it before it begins', async () => {
  const folder = project('build', { Dockerfile: legacy, '.dockerignore': '.git\n' })
  const warned = await jettison.run(['build', folder])
  expect(warned.code).toBe(0)
  expect(warned.stderr).toContain(' 1 warning found')
  expect(warned.stderr).toContain(' - LegacyKeyValueFormat: ')
  const check = 'BUILDKIT_DOCKERFILE_CHECK=error=true'
  const refused = await jettison.run(['build', '--build-arg', check, folder])
  expect(refused.code).toBe(1)
  expect(refused.stderr).toContain('lint violation found for rules: LegacyKeyValueFormat')
  const skipped = ['--build-arg', 'BUILDKIT_DOCKERFILE_CHECK=skip=all;error=true']
  expect((await jettison.run(['build', ...skipped, folder])).stderr).not.toContain('warning')
})

test('explain prints the page of a rule', async () => {
  expect(await jettison.ok(['explain', 'fullbaseimage'])).toContain('## Examples')
})
