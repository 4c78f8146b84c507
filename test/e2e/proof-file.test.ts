import { randomUUID } from 'node:crypto'
import { cpSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Ajv2020 } from 'ajv/dist/2020.js'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type ProofRecord, sealRecord } from '../../src/proof/index.ts'
import { storeWithBases } from '../support/bases.ts'
import { type Cli, lasting, type Ran, writeFiles } from '../support/jettison.ts'

const root = join(import.meta.dirname, '../..')
const name = 'e2e-proof-file'
const secret = randomUUID()
/** The app does not read it, and the proof depends on it all the same. */
const setting = `APP_TOKEN=${secret}`
let world: string
let project: string
let file: string
let jettison: Cli
let record: ProofRecord

/** The main job on a real project, with its proof kept. */
beforeAll(async () => {
  world = mkdtempSync(join(tmpdir(), 'jettison-e2e-proof-file-'))
  jettison = storeWithBases(['python:3.11', 'python:3.11-slim'])
  project = join(world, 'app')
  cpSync(join(root, 'examples/psycopg2'), project, { recursive: true })
  const out = join(world, 'out')
  const ran = await jettison.run([
    ...[
      'slim',
      '--out',
      out,
      '--mutations',
      '0',
      '--env',
      setting,
      '--tag-fat',
      `${name}:fat`,
      '--tag',
      `${name}:lean`,
    ],
    project,
  ])
  expect(ran.code, ran.stdout + ran.stderr).toBe(0)
  file = join(out, 'proof.json')
  record = JSON.parse(readFileSync(file, 'utf8')) as ProofRecord
})

afterAll(async () => {
  await jettison.run(['rmi', `${name}:fat`, `${name}:lean`])
  rmSync(world, { recursive: true, force: true })
})

function replay(path = file, more: readonly string[] = []): Promise<Ran> {
  return jettison.run(['prove', '--replay', path, ...more])
}

/** A proof file beside the real one. */
function written(value: unknown): string {
  const path = join(world, 'out', 'other.json')
  writeFileSync(path, JSON.stringify(value))
  return path
}

test('the file fits its schema, which is closed', () => {
  const schema = JSON.parse(readFileSync(join(root, 'schemas/proof-1.json'), 'utf8')) as object
  const validate = new Ajv2020({ allowUnionTypes: true, formats: { 'date-time': true } }).compile(
    schema,
  )
  validate(record)
  expect(validate.errors).toBeNull()
  expect(validate({ ...record, more: 1 })).toBe(false)
  expect(validate({ ...record, inputs: { ...record.inputs, more: 1 } })).toBe(false)
  expect(validate({ ...record, digest: 'sha256:x' })).toBe(false)
})

test('it names both images, the project, what was asked and what was opened', () => {
  const { inputs, proof } = record
  expect(proof.verdict).toBe('EQUIVALENT')
  expect(inputs.fat).toMatchObject({ name: `${name}:fat`, tagged: true, standIn: true })
  expect(inputs.project).toMatchObject({ dockerfile: '../app/Dockerfile', context: '../app' })
  expect(inputs.probes).toContainEqual(expect.objectContaining({ port: 5000, path: '/health' }))
  expect('opened' in proof.trace && proof.trace.opened.join('\n')).toMatch(/\/libpq\.so\.5/)
})

test('it holds no value of a setting, is for its owner only, and asks for the value again', async () => {
  expect(readFileSync(file, 'utf8')).not.toContain(secret)
  expect(record.inputs.env.map((one) => one.name)).toContain('APP_TOKEN')
  expect(statSync(file).mode & 0o777).toBe(0o600)
  for (const more of [[], ['--env', 'APP_TOKEN=other']]) {
    const ran = await replay(file, more)
    expect([ran.code, ran.stderr]).toEqual([2, expect.stringContaining('PROOF_SETTING_MISSING')])
    expect(ran.stderr).toContain('--env APP_TOKEN=')
  }
})

test('run again it comes out the same', async () => {
  const ran = await replay(file, ['--env', setting])
  expect(ran.code, ran.stdout + ran.stderr).toBe(0)
  expect(ran.stdout).toMatch(/^replay {3}same as the file: EQUIVALENT/m)
})

test('a file that was changed is refused, and one that claims too much comes out otherwise', async () => {
  const claim = { ...record, proof: { ...record.proof, verdict: 'DIFFERENT' } }
  const tampered = await replay(written(claim))
  expect([tampered.code, tampered.stderr]).toEqual([2, expect.stringContaining('PROOF_TAMPERED')])
  const rungs = record.proof.rungs.map((one) =>
    one.rung === 'P6' ? { ...one, status: 'fail' as const } : one,
  )
  const sealed = sealRecord({ ...record, proof: { ...record.proof, rungs } })
  const forged = await replay(written(sealed), ['--env', setting])
  expect(forged.code).toBe(1)
  expect(forged.stdout).toMatch(/^replay {3}NOT as the file says[^\n]*\n +P6 +fail -> pass/m)
})

test('a changed Dockerfile, context or place is stale; the new Dockerfile is as good as the old one', async () => {
  const path = join(project, 'Dockerfile')
  const before = readFileSync(path, 'utf8')
  writeFileSync(path, `${before}# note\n`)
  await stale(/neither the Dockerfile before nor the one after/)
  writeFileSync(path, readFileSync(join(world, 'out', 'Dockerfile')))
  writeFiles(project, { 'app.py': `${readFileSync(join(project, 'app.py'), 'utf8')}\n` })
  await stale(/a file of the context has changed/)
  writeFiles(project, { 'new.py': '' })
  await stale(/the context had \d+ files and folders and has \d+/)
  cpSync(join(root, 'examples/psycopg2/app.py'), join(project, 'app.py'))
  rmSync(join(project, 'new.py'))
  writeFileSync(path, before)
  const moved = join(world, 'moved')
  cpSync(project, moved, { recursive: true })
  rmSync(project, { recursive: true })
  await stale(/the project is not where it was/)
  // Found again, and refused for the next reason: nothing has to run to tell that.
  await jettison.ok(['tag', 'python:3.11-slim', `${name}:lean`])
  await stale(new RegExp(`${name}:lean is sha256:\\w+ now`), ['--context', moved])
  await jettison.ok(['rmi', `${name}:lean`])
  await stale(/is not here/, ['--context', moved])
})

test.each([
  [['--replay', 'x', 'a', 'b'], 2],
  [['--replay', 'x', '--probe', 'http://:1/'], 2],
  [['only-one'], 2],
  [['--replay', 'no-such-file'], 2],
])('prove %j is refused', async (args, code) => {
  expect((await jettison.run(['prove', ...args])).code).toBe(code)
})

test('nothing is left of it', async () => {
  expect(await lasting(jettison.store)).toEqual([])
})

async function stale(why: RegExp, more: readonly string[] = []): Promise<void> {
  const ran = await replay(file, more)
  expect([ran.code, ran.stderr]).toEqual([3, expect.stringContaining('PROOF_STALE')])
  expect(ran.stderr).toMatch(why)
}
