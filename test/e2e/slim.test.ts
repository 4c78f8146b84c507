import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Ajv2020 } from 'ajv/dist/2020.js'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Report } from '../../src/report/index.ts'
import { storeWithBases } from '../support/bases.ts'
import { type Cli, lasting, type Ran } from '../support/jettison.ts'
import { lookAtPage } from '../support/look-at-page.ts'

const root = join(import.meta.dirname, '../..')
const names = ['e2e-slim:bloated', 'e2e-slim:optimized']
const tagging = ['--tag-fat', 'e2e-slim:bloated', '--tag', 'e2e-slim:optimized']
let world: string
let starter: string
let before: string
let jettison: Cli

/** The challenge, after its first task. */
beforeAll(() => {
  world = mkdtempSync(join(tmpdir(), 'jettison-e2e-slim-'))
  jettison = storeWithBases(['python:3.11', 'python:3.11-slim'])
  const example = join(root, 'examples/challenge-02')
  starter = join(world, 'starter')
  cpSync(join(example, 'starter/Dockerfile'), join(starter, 'Dockerfile'))
  cpSync(join(example, 'shared-resources/app'), starter, { recursive: true })
  cpSync(join(example, 'jettison.yaml'), join(world, 'jettison.yaml'))
  before = read('Dockerfile')
})

afterAll(async () => {
  await jettison.run(['rmi', ...names])
  rmSync(world, { recursive: true, force: true })
})

function read(name: string): string {
  return readFileSync(join(starter, name), 'utf8')
}

test('before: the gate fails with four findings, each with what to do', async () => {
  const ran = await jettison.run(['check', starter])
  expect(ran.code).toBe(1)
  const failed = [...ran.stdout.matchAll(/^✖ fail {2}(\S+)/gm)].map(([, id]) => id)
  expect(failed).toEqual(['min-stages', 'image-size', 'forbidden-packages', 'runtime-base'])
  for (const word of ['allowed', 'why', 'fix'])
    expect(ran.stdout.match(new RegExp(`^ +${word} +\\S`, 'gm'))).toHaveLength(failed.length)
  expect(ran.stdout).toMatch(/✔ pass {2}http-probe/)
})

let first: Report

test('slim: proved, accepted, under 200 MB and at least 75 % smaller, and nothing is written', async () => {
  const ran = await jettison.run([
    ...['slim', '--json', '--report', join(world, 'page.html'), ...tagging],
    starter,
  ])
  expect(ran).toMatchObject({ code: 0 })
  first = JSON.parse(ran.stdout) as Report
  expect(first).toMatchObject({ verdict: 'EQUIVALENT', standInBases: true, refusal: null })
  expect(first.acceptance.map(({ id, pass }) => [id, pass])).toEqual([
    ['min-stages', true],
    ['image-size', true],
    ['http-probe', true],
    ['forbidden-packages', true],
    ['runtime-base', true],
  ])
  expect(first.lean?.size).toBeLessThan(200_000_000)
  expect((first.lean?.size ?? Number.NaN) / (first.fat?.size ?? 0)).toBeLessThan(0.25)
  expect(read('Dockerfile')).toBe(before)
  expect(existsSync(join(starter, '.dockerignore'))).toBe(false)
})

test('the document has the fields that are promised, and fits the published schema', () => {
  const schema = JSON.parse(readFileSync(join(root, 'schemas/report-1.json'), 'utf8')) as object
  const validate = new Ajv2020({ allowUnionTypes: true }).compile(schema)
  validate(first)
  expect(validate.errors).toBeNull()
  for (const side of ['fat', 'lean'] as const) {
    const image = first[side]
    expect(image?.id).toMatch(/^sha256:[0-9a-f]{64}$/)
    expect(image?.layers.reduce((sum, layer) => sum + layer.size, 0)).toBe(image?.size)
    expect(image).toMatchObject({ digest: null, compressedSize: null })
  }
  expect(first.dockerfile?.path).toBeNull()
  expect(first.proof.map(({ rung }) => rung)).toEqual([
    'P0',
    'P1',
    'P2',
    'P3',
    'P4',
    'P5',
    'P6',
    'P7',
    'P8',
    'P9',
    'P10',
  ])
  for (const { rung, status } of first.proof)
    expect([rung, status]).toEqual([rung, /P[89]/.test(rung) ? expect.anything() : 'pass'])
})

test('the page of the conversion in a real browser', () => lookAtPage(join(world, 'page.html')))

test('every untouched line stays, in its order, and the pattern is that of the challenge', () => {
  const after = first.dockerfile?.text ?? ''
  const lines = after.split('\n')
  const gone = before.split('\n').filter((line) => !lines.includes(line))
  expect(gone).toEqual(['FROM python:3.11', 'RUN pip install -r requirements.txt'])
  let at = -1
  for (const line of before.split('\n').filter((one) => !gone.includes(one))) {
    at = lines.indexOf(line, at + 1)
    expect(at, line).toBeGreaterThanOrEqual(0)
  }
  expect(after.match(/^FROM .*/gm)).toEqual([
    'FROM python:3.11 AS builder',
    'FROM python:3.11-slim AS runtime',
  ])
  const runtime = after.slice(after.indexOf('AS runtime'))
  expect(runtime).not.toMatch(/gcc|build-essential/)
  expect(runtime).toContain('--mount=type=bind,from=builder')
})

test('no layer of the lean image above its base names or holds a build tool', async () => {
  const history = await jettison.ok(['history', '--no-trunc', 'e2e-slim:optimized'])
  const own = history.slice(0, history.lastIndexOf('WORKDIR'))
  expect(own).toContain('pip install')
  expect(own).not.toMatch(/gcc|build-essential/)
  const run = ['run', '--rm', '--network', 'none', 'e2e-slim:optimized', 'sh', '-c']
  expect(await jettison.ok([...run, 'command -v gcc make cc1 ld || echo none'])).toBe('none\n')
})

test('again, with --write: nothing is built, the same bytes, files in place, the gate passes', async () => {
  const ran = await jettison.run(['slim', '--write', ...tagging, starter])
  expect(ran.code).toBe(0)
  expect(built(ran)).toEqual([])
  expect(read('Dockerfile')).toBe(first.dockerfile?.text)
  expect(read('.dockerignore')).toBe(first.dockerignore?.text)
  expect(ran.stdout).toMatch(/^verdict {2}EQUIVALENT \(stand-in bases\)$/m)
  expect(ran.stdout).toMatch(/^▲ stand-in bases/m)
  expect(ran.stdout).toMatch(/e2e-slim:optimized +\d+MB.*−\d+ %/)
  expect(ran.stdout).toMatch(/a CI run, .* saved\n +assuming 100 Mbit\/s/)
  const gate = await jettison.run(['check', starter])
  expect(gate.stdout).toMatch(/PASS {2}5 passed, 0 failed/)
  expect(gate.code).toBe(0)
})

test('slim on its own result refuses: already lean, with the numbers', async () => {
  const text = read('Dockerfile')
  const ran = await jettison.run(['slim', '--write', starter])
  expect(ran.code).toBe(3)
  expect(ran.stdout).toMatch(/refused {2}already-lean: .*\n +image [\d.]+MB: base [\d.]+MB/)
  expect(read('Dockerfile')).toBe(text)
  const json = await jettison.run(['slim', '--json', starter])
  expect(json.code).toBe(3)
  const report = JSON.parse(json.stdout) as Report
  expect(report).toMatchObject({ verdict: null, lean: null, refusal: { code: 'already-lean' } })
  expect(report.refusal?.details.join()).toMatch(/\d+MB/)
})

test('nothing is left of all this: no mount, no process, no half layer', async () => {
  expect(await lasting(jettison.store)).toEqual([])
})

/** Titles of the steps that were not in the cache, FROM left out. */
function built({ stderr }: Ran): readonly string[] {
  const steps = [...stderr.matchAll(/^#(\d+) (\[.*\] (?:RUN|COPY|ADD|WORKDIR) .*)$/gm)]
  expect(steps.length).toBeGreaterThan(5)
  return steps.flatMap(({ index, 1: number = '', 2: title = '' }) => {
    const rest = stderr.slice(index)
    return new RegExp(`^#${number} CACHED$`, 'm').test(rest) ? [] : [title]
  })
}
