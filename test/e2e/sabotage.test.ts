import { cpSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Proof } from '../../src/proof/index.ts'
import type { Report } from '../../src/report/index.ts'
import { storeWithBases } from '../support/bases.ts'
import { type Cli, writeFiles } from '../support/jettison.ts'

const root = join(import.meta.dirname, '../..')
const name = 'e2e-sabotage'
const fat = `${name}:fat`
let world: string
let project: string
let lean: string
let report: Report
let exit: number
let jettison: Cli

beforeAll(async () => {
  world = mkdtempSync(join(tmpdir(), 'jettison-e2e-sabotage-'))
  jettison = storeWithBases(['python:3.11', 'python:3.11-slim'])
  project = join(world, 'psycopg2')
  cpSync(join(root, 'examples/psycopg2'), project, { recursive: true })
  const ran = await jettison.run([
    ...['slim', '--json', '--write', '--tag-fat', fat, '--tag', `${name}:lean`, project],
  ])
  exit = ran.code
  report = JSON.parse(ran.stdout) as Report
  lean = report.dockerfile?.text ?? ''
})

afterAll(async () => {
  const tags = await jettison.ok(['image', 'ls', '--format', '{{.Repository}}:{{.Tag}}', name])
  await jettison.ok(['rmi', ...tags.trim().split('\n')])
  rmSync(world, { recursive: true, force: true })
})

test('psycopg2 from source: headers in the builder, the library in the runtime, and why', () => {
  expect(exit).toBe(0)
  expect(report).toMatchObject({ verdict: 'EQUIVALENT', refusal: null, repairs: [] })
  expect(report.acceptance.filter(({ pass }) => !pass)).toEqual([])
  const [builder = '', runtime = ''] = lean.split(/^(?=FROM .* AS runtime$)/m)
  expect(builder).toContain('libpq-dev')
  expect(runtime).not.toMatch(/libpq-dev|gcc/)
  expect(runtime).toMatch(/^ *#.*libpq5.*_psycopg\S*\.so/m)
  expect(runtime).toMatch(/apt-get install .* libpq5\b/)
})

test('without libpq5 it is DIFFERENT, and libpq.so.5 is named', async () => {
  const without = lean.replace(/^RUN (?:.*\\\n)*.*\n/gm, (run) =>
    run.includes('libpq5') ? '' : run,
  )
  expect(without).not.toMatch(/install.* libpq5/)
  const { proof, code } = await prove(await image('broken', { Dockerfile: without }))
  expect(proof.verdict).toBe('DIFFERENT')
  expect(code).toBe(1)
  expect(JSON.stringify(rung(proof, 'P3'))).toContain('libpq.so.5')
  expect(rung(proof, 'P3').status).toBe('fail')
})

test('with gcc left in the runtime stage P6 fails and names it, and the verdict stays', async () => {
  const gcc = 'RUN apt-get update && apt-get install -y --no-install-recommends gcc'
  const left = lean.replace(/^(FROM .* AS runtime)$/m, `$1\n${gcc}`)
  const { proof, code } = await prove(await image('with-gcc', { Dockerfile: left }))
  expect(proof.verdict).toBe('EQUIVALENT')
  expect(code).toBe(1)
  expect(rung(proof, 'P6').status).toBe('fail')
  expect(
    rung(proof, 'P6')
      .evidence.map(({ message }) => message)
      .join('\n'),
  ).toMatch(/\bgcc\b/)
})

test('with a broken /health P7 fails and shows both answers', async () => {
  const app = readFileSync(join(project, 'app.py'), 'utf8').replace('"healthy"', '"on fire"')
  const onFire = await image('on-fire', { 'app.py': app })
  const { proof, code } = await prove(onFire)
  expect(proof.verdict).toBe('DIFFERENT')
  expect(code).toBe(1)
  expect(rung(proof, 'P7').status).toBe('fail')
  expect(rung(proof, 'P7').evidence).toContainEqual(
    expect.objectContaining({
      fat: expect.stringContaining('"healthy"') as unknown,
      lean: expect.stringContaining('"on fire"') as unknown,
    }),
  )
  const shown = await jettison.run(['prove', fat, onFire])
  expect(shown.code).toBe(1)
  expect(shown.stdout).toMatch(/fat: +.*"healthy".*\n +lean: +.*"on fire"/)
  expect(shown.stdout).toMatch(/^verdict {2}DIFFERENT/m)
})

for (const [what, app, sign] of [
  ['both crash', 'raise RuntimeError("no database")\n', 'no database'],
  ['both answer 404', 'from flask import Flask\napp = Flask(__name__)\n', '404'],
] as const)
  test(`when ${what} it is UNPROVEN, with the reason and what would prove it`, async () => {
    const tag = what.replaceAll(' ', '-')
    const Dockerfile = `FROM ${fat}\nCOPY app.py .\n`
    const before = await image(`${tag}-fat`, { 'app.py': app, Dockerfile })
    const { proof, code } = await prove(await image(`${tag}-lean`, { 'app.py': app }), before)
    expect([proof.verdict, code]).toEqual(['UNPROVEN', 3])
    expect(proof.wouldProve).not.toEqual([])
    expect(JSON.stringify(rung(proof, 'P7'))).toContain(sign)
  })

/** The lean image, with these files in place of the project's. @returns its name */
async function image(tag: string, files: Readonly<Record<string, string>>): Promise<string> {
  const folder = join(world, tag)
  cpSync(project, folder, { recursive: true })
  writeFiles(folder, files)
  await jettison.ok(['build', '-t', `${name}:${tag}`, folder])
  return `${name}:${tag}`
}

async function prove(
  after: string,
  before = fat,
): Promise<{ readonly proof: Proof; readonly code: number }> {
  const { stdout, code } = await jettison.run(['prove', '--json', before, after])
  return { proof: JSON.parse(stdout) as Proof, code }
}

function rung(proof: Proof, id: string): Proof['rungs'][number] {
  const found = proof.rungs.find((one) => one.rung === id)
  if (!found) throw new Error(`no ${id}`)
  return found
}
