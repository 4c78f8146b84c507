import { cpSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Ajv2020 } from 'ajv/dist/2020.js'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { parse } from 'yaml'
import { nowhere, parsePolicyText, policyIds, presets, readPolicies } from '../src/gate/index.ts'
import type { Report } from '../src/report/index.ts'
import { storeWithBases } from './support/bases.ts'

const root = join(import.meta.dirname, '..')
const ajv = new Ajv2020({
  strict: true,
  strictRequired: false,
  allErrors: true,
  allowUnionTypes: true,
})
const schema = (name: string): object =>
  JSON.parse(readFileSync(join(root, 'schemas', name), 'utf8')) as object

describe('policy-1.json', () => {
  const validate = ajv.compile(schema('policy-1.json'))
  const parses = (value: unknown): boolean => {
    try {
      const origin = nowhere('jettison.yaml')
      readPolicies([{ origin, policies: parsePolicyText(value, origin).policies }])
      return true
    } catch {
      return false
    }
  }
  const policies = (text: string): unknown => parse(`version: 1\npolicies:\n  ${text}`)

  test.each(['challenge-02', 'psycopg2'])('examples/%s/jettison.yaml', (name) => {
    const value: unknown = parse(
      readFileSync(join(root, 'examples', name, 'jettison.yaml'), 'utf8'),
    )
    expect([validate(value), validate.errors, parses(value)]).toEqual([true, null, true])
  })

  test.each([
    'image-size: { max: 190MiB }',
    'image-size: { max: 1.5GB }',
    'image-size: { max: 200000000 }',
    'http-probe: { url: "http://localhost:80" }',
    'http-probe: { url: "http://:5000/gone", status: 410, body: gone }',
    'forbidden-packages: { packages: [gcc] }',
    'runtime-base: { image: "python:*-slim" }',
    'runtime-base: python',
    'image-size: 200MB',
    'image-size: off',
    'no-build-tools: warn',
    'no-build-tools: { allow: [binutils], max: 1MB, level: warn }',
    'max-growth: { max: 5MB, percent: 3 }',
    'base-image: { allow: ["python:3.*"], pin: digest }',
    'files: { absent: ["**/.env"], present: [/etc/passwd] }',
    'metadata: { exposedPorts: ["80"], cmd: [sh] }',
    'user: { not: root }',
    'image-size: { compressed: 90MB }',
    'http-probe: { url: "http://:80/", seconds: 5, env: { PORT: "80" } }',
    'boots: { seconds: 2, env: { A: b } }',
    'boots: warn',
    'healthcheck: { seconds: 10 }',
    'parity: { except: [env, cmd] }',
    'no-duplicates: { max: 1MB }',
    'dockerignore: error',
    'copy-order: warn',
    'no-tests: { allow: [pytest] }',
    'no-dev-dependencies: off',
    'base-image: { max-age-days: 90 }',
  ])('%s is accepted by the schema and the parser', (text) => {
    const value = policies(text)
    expect([validate(value), parses(value)]).toEqual([true, true])
  })

  test.each([
    'min-stage: { min: 2 }',
    'min-stages: { min: two }',
    'min-stages: { min: 2, max: 3 }',
    'image-size: { max: 200 megabytes }',
    'image-size: { max: 0 }',
    'http-probe: { url: "https://:5000/" }',
    'http-probe: { url: "http://:5000/", stauts: 200 }',
    'forbidden-packages: { packages: [] }',
    'forbidden-packages: { packages: [gcc], in: all-layers }',
    'runtime-base: {}',
    'runtime-base: 3',
    'no-build-tools: { level: loud }',
    'no-build-tools: sometimes',
    'base-image: { pin: hard }',
    'max-ballast: { percent: 101 }',
    'user: warn',
    'image-size: {}',
    'image-size: warn',
    'boots: { env: {} }',
    'boots: { env: { PORT: 80 } }',
    'parity: { except: [arch] }',
    'copy-order: { max: 1 }',
    'files: {}',
    'files: error',
    'metadata: { level: warn }',
    'base-image: { pin: none }',
  ])('%s is refused by the schema and the parser', (text) => {
    const value = policies(text)
    expect([validate(value), parses(value)]).toEqual([false, false])
  })

  test('the schema knows every policy, and every preset is valid', () => {
    const known = schema('policy-1.json') as {
      properties: { policies: { properties: Record<string, unknown> } }
    }
    expect(Object.keys(known.properties.policies.properties)).toEqual(policyIds)
    for (const preset of Object.values(presets)) {
      const value = { version: 1, policies: preset }
      expect([validate(value), validate.errors, parses(value)]).toEqual([true, null, true])
    }
  })

  test.each([
    'version: 1\nextends: recommended',
    'version: 1\nextends: [minimal, ./team.yaml]\npolicies: {}\nbaseline: { file: b.json, on-missing: warn }',
    'version: 1\npolicies: {}\nbaseline: { image: app:1, stale-after-days: 14 }',
    'version: 1\npolicies: {}\nignore: [{ policy: no-build-tools, package: binutils, reason: a linker, until: "2027-03-31" }]',
  ])('%j is accepted by the schema and the parser', (text) => {
    const value: unknown = parse(text)
    expect([validate(value), validate.errors, parses(value)]).toEqual([true, null, true])
  })

  test.each([
    'version: 1\npolicies: {}\nignore: [{ policy: no-build-tools, package: binutils }]',
    'version: 1\npolicies: {}\nignore: [{ policy: no-build-tools, reason: no subject }]',
    'version: 1\npolicies: {}\nignore: [{ package: x, reason: y, until: tomorrow }]',
    'version: 1\npolicies: {}\nbaseline: { on-missing: warn }',
    'version: 1\npolicies: {}\nbaseline: { file: b.json, image: app:1 }',
    'version: 1\npolicies: {}\nbaseline: { file: b.json, stale-after-days: 0 }',
    'version: 2\npolicies: {}',
    'policies: {}',
    'version: 1',
    'version: 1\npolicies: {}\nx: 1',
  ])('%j is refused by the schema and the parser', (text) => {
    const value: unknown = parse(text)
    expect([validate(value), parses(value)]).toEqual([false, false])
  })
})

describe('report-1.json', () => {
  const validate = ajv.compile(schema('report-1.json'))
  const world = mkdtempSync(join(tmpdir(), 'jettison-schema-'))
  let proved: Report
  let refused: Report

  beforeAll(async () => {
    const cli = storeWithBases(['python:3.11', 'python:3.11-slim'])
    const example = join(root, 'examples', 'challenge-02')
    const project = join(world, 'project')
    cpSync(join(example, 'starter'), project, { recursive: true })
    cpSync(join(example, 'shared-resources', 'app'), project, { recursive: true })
    const slim = async (): Promise<Report> => {
      const ran = await cli.run(['slim', '--json', '--write', '.'], { cwd: project })
      expect(ran.stdout, ran.stderr).toMatch(/^\{/)
      return JSON.parse(ran.stdout) as Report
    }
    proved = await slim()
    refused = await slim()
  })

  afterAll(() => rmSync(world, { recursive: true, force: true }))

  test('a real report of a conversion is valid', () => {
    expect([validate(proved), validate.errors]).toEqual([true, null])
    expect(proved.proof.length).toBeGreaterThan(0)
    expect(proved.acceptance.length).toBeGreaterThan(0)
  })

  test('a real report of a refusal is valid', () => {
    expect([validate(refused), validate.errors]).toEqual([true, null])
    expect(refused.refusal?.code).toBe('already-lean')
  })

  test('every field is needed, and no other is allowed', () => {
    const places = [...objectsIn(proved)].filter(([path]) => !path.includes('evidence'))
    expect(places.length).toBeGreaterThan(10)
    const accepted = places.flatMap(([path, value]) =>
      Object.keys(value)
        .filter((key) => key !== 'ms')
        .filter((key) => validate(changed(proved, path, key)))
        .map((key) => [...path, key].join('.')),
    )
    expect(accepted).toEqual([])
    expect(validate({ ...proved, more: 1 })).toBe(false)
  })

  test('a value of another kind is refused', () => {
    expect(validate({ ...proved, version: 2 })).toBe(false)
    expect(validate({ ...proved, verdict: 'PROBABLY' })).toBe(false)
    expect(validate({ ...proved, fat: { ...proved.fat, size: -1 } })).toBe(false)
    expect(validate({ ...proved, fat: { ...proved.fat, id: 'sha256:abc' } })).toBe(false)
  })
})

type Place = readonly [path: readonly string[], value: object]

/** Every object in a document, with its path. */
function* objectsIn(value: unknown, path: readonly string[] = []): Generator<Place> {
  if (value === null || typeof value !== 'object') return
  if (!Array.isArray(value)) yield [path, value]
  for (const [key, child] of Object.entries(value)) yield* objectsIn(child, [...path, key])
}

/** A copy without one key. */
function changed(document: unknown, path: readonly string[], key: string): unknown {
  const copy: unknown = structuredClone(document)
  let at = copy as Record<string, unknown>
  for (const name of path) at = at[name] as Record<string, unknown>
  delete at[key]
  return copy
}
