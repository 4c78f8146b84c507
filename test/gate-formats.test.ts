import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Ajv2020 } from 'ajv/dist/2020.js'
import { parse as parseJunit } from 'junit2json'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { policyIds } from '../src/gate/index.ts'
import { type GateReport, renderGate } from '../src/report/index.ts'
import { lineDiff } from '../src/slim/index.ts'
import { writeGateProject } from './support/gate-project.ts'
import { type Cli, cliOn, writeFiles } from './support/jettison.ts'
import { sarifErrors, sarifSchema } from './support/sarif-multitool.ts'

const world = mkdtempSync(join(tmpdir(), 'jettison-gate-'))
const project = join(world, 'bad "project" <&>')
let cli: Cli
let report: GateReport

beforeAll(async () => {
  cli = cliOn(join(world, 'store'))
  writeGateProject(project)
  const ran = await cli.run(['check', '--format', 'json', '.'], { cwd: project })
  expect([ran.code, ran.stderr]).toEqual([1, expect.anything()])
  report = JSON.parse(ran.stdout) as GateReport
})

afterAll(() => rmSync(world, { recursive: true, force: true }))

async function format(name: string): Promise<string> {
  const file = join(world, `report.${name}`)
  const ran = await cli.run(['check', '--format', `${name}=${file}`, '.'], { cwd: project })
  expect([ran.code, ran.stdout]).toEqual([1, ''])
  return readFileSync(file, 'utf8')
}

test('every policy finds its seeded failure', () => {
  expect(report.results.map(({ id }) => id)).toEqual(policyIds)
  const passed = report.results.filter(({ status }) => status !== 'fail').map(({ id }) => id)
  expect(passed).toEqual([])
  for (const { id, found, allowed, why, fix } of report.results)
    expect(
      [id, found, allowed, why, fix].every((text) => text.length > 0),
      id,
    ).toBe(true)
})

test('a finding stands at the line that made it, and no secret is shown', () => {
  const lines = Object.fromEntries(report.results.map(({ id, line }) => [id, line]))
  expect(lines).toMatchObject({
    'min-stages': 1,
    'copy-order': 2,
    'no-build-tools': 6,
    'no-dev-headers': 7,
    'no-package-cache': 8,
    'no-vcs-data': 9,
    dockerignore: 21,
    'no-docs': 10,
    'no-debug-tools': 11,
    'no-wasted-bytes': 13,
    'no-metadata-copies': 15,
    'no-duplicates': 20,
    'no-tests': 21,
    'no-dev-dependencies': 21,
  })
  expect(JSON.stringify(report)).not.toContain('told-to-nobody')
  const secrets = report.results.find(({ id }) => id === 'no-secrets')
  // The last layer hides its content, and everyone who pulls has it.
  expect(secrets?.evidence).toContainEqual(expect.stringMatching(/^\/app\/\.netrc, layer \d+$/))
})

describe('formats', () => {
  test('text: each finding with allowed, why and fix', async () => {
    const text = await format('text')
    for (const { id } of report.results) expect(text).toContain(`✖ fail  ${id}  `)
    for (const word of ['allowed', 'why', 'fix'])
      expect(text.match(new RegExp(`^ +${word} +\\S`, 'gm'))).toHaveLength(policyIds.length)
  })

  test('JSON: valid by its schema, which knows every field', () => {
    const schema: unknown = JSON.parse(
      readFileSync(join(import.meta.dirname, '../schemas/gate-1.json'), 'utf8'),
    )
    const validate = new Ajv2020({ strict: true, allowUnionTypes: true }).compile(schema as object)
    expect([validate(report), validate.errors]).toEqual([true, null])
    expect(validate({ ...report, passed: true })).toBe(false)
  })

  test('SARIF: valid by its schema and for its reference validator', async () => {
    const log = JSON.parse(await format('sarif')) as {
      readonly runs: readonly {
        readonly automationDetails: { readonly id: string }
        readonly results: readonly { readonly ruleId: string }[]
      }[]
    }
    const ajv = new Ajv2020({ strict: false, validateFormats: false })
    const validate = ajv.compile(sarifSchema())
    expect([validate(log), validate.errors]).toEqual([true, null])
    expect(validate({ ...log, version: '3' })).toBe(false)
    expect(log.runs[0]?.results.map(({ ruleId }) => ruleId)).toEqual(policyIds)
    // A service closes an alert when the next run of this name does not have it.
    expect(log.runs[0]?.automationDetails.id).toBe('jettison/Dockerfile/')
    expect(sarifErrors(join(world, 'report.sarif'))).toEqual([])
    const broken = join(world, 'broken.sarif')
    writeFileSync(broken, JSON.stringify({ ...log, runs: [{}] }))
    expect(sarifErrors(broken)).not.toEqual([])
  })

  test('SARIF: what slim would write is a fix, valid for the validator too', () => {
    const patch = lineDiff('FROM a\nRUN b\nCMD c\n', 'FROM a AS build\nRUN b\nFROM d\nCMD c\n')
    const options = { paint: (_: unknown, text: string) => text, version: '1.0.0' }
    const text = renderGate('sarif', { ...report, patch }, options)
    const log = JSON.parse(text) as {
      readonly runs: readonly [
        { readonly results: readonly { readonly ruleId: string; readonly fixes?: unknown }[] },
      ]
    }
    const fixed = log.runs[0].results.filter(({ fixes }) => fixes !== undefined)
    expect(fixed.map(({ ruleId }) => ruleId)).toContain('min-stages')
    expect(fixed.map(({ ruleId }) => ruleId)).not.toContain('user')
    const validate = new Ajv2020({ strict: false, validateFormats: false }).compile(sarifSchema())
    expect([validate(log), validate.errors]).toEqual([true, null])
    const file = join(world, 'fixes.sarif')
    writeFileSync(file, text)
    expect(sarifErrors(file)).toEqual([])
  })

  test('JUnit: a reader of such files finds each policy and its failure', async () => {
    const parsed = await parseJunit(await format('junit'))
    const suite = parsed && 'testsuite' in parsed ? parsed.testsuite?.[0] : undefined
    expect(suite).toMatchObject({ tests: policyIds.length, failures: policyIds.length })
    expect(suite?.testcase?.map(({ classname }) => classname)).toEqual(
      policyIds.map((id) => `jettison.${id}`),
    )
    for (const { failure } of suite?.testcase ?? [])
      expect(failure?.[0]?.message).toMatch(/^found /)
  })

  test("GitLab: Code Quality's fields, and fingerprints of their own", async () => {
    const findings = JSON.parse(await format('gitlab')) as readonly {
      readonly fingerprint: string
    }[]
    const validate = new Ajv2020().compile({
      type: 'array',
      items: {
        type: 'object',
        required: ['description', 'check_name', 'fingerprint', 'severity', 'location'],
        properties: {
          description: { type: 'string', minLength: 1 },
          check_name: { enum: policyIds },
          fingerprint: { type: 'string', pattern: '^[0-9a-f]{32,}$' },
          severity: { enum: ['info', 'minor', 'major', 'critical', 'blocker'] },
          location: {
            type: 'object',
            required: ['path', 'lines'],
            properties: {
              path: { type: 'string', pattern: '^[^./]' },
              lines: {
                type: 'object',
                required: ['begin'],
                properties: { begin: { type: 'integer', minimum: 1 } },
              },
            },
          },
        },
      },
    })
    expect([validate(findings), validate.errors]).toEqual([true, null])
    expect(new Set(findings.map(({ fingerprint }) => fingerprint)).size).toBe(policyIds.length)
  })

  test('a finding is placed from the root of the repository, wherever the gate was called', async () => {
    const repository = writeFiles(join(world, 'repository'), {
      '.git/HEAD': 'ref: refs/heads/main\n',
      'service/Dockerfile': 'FROM scratch\nCOPY jettison.yaml /x\n',
      'service/jettison.yaml': 'version: 1\npolicies: { min-stages: 2 }\n',
    })
    const cwd = join(repository, 'service')
    const gitlab = await cli.run(['check', '--format', 'gitlab', '.'], { cwd })
    expect(JSON.parse(gitlab.stdout)).toMatchObject([{ location: { path: 'service/Dockerfile' } }])
    const text = await cli.run(['check', '.'], { cwd })
    expect(text.stdout).toContain('1 FROM  Dockerfile:1')
  })

  test('GitHub: at most ten annotations, the tenth counts the rest; the summary has them all', async () => {
    const summary = join(world, 'summary.md')
    const output = join(world, 'output.txt')
    const ran = await cli.run(['check', '--format', 'github', '.'], {
      cwd: project,
      env: { GITHUB_STEP_SUMMARY: summary, GITHUB_OUTPUT: output },
    })
    const lines = ran.stdout.trimEnd().split('\n')
    const command = /^::error (?:file=Dockerfile,line=\d+,endLine=\d+,)?title=[\w-]+::.+$/
    expect(lines.filter((line) => !command.test(line))).toEqual([])
    expect(lines).toHaveLength(10)
    expect(lines.at(-1)).toContain(`${policyIds.length - 9} more`)
    const text = readFileSync(summary, 'utf8')
    for (const id of policyIds) expect(text).toContain(`| ${id} | ✖ fail |`)
    expect(readFileSync(output, 'utf8')).toMatch(/^passed=false\nsize=\d+\ndelta=\d+\n$/)
  })

  test('GitHub: every policy has an annotation of its own when no more than ten are judged', async () => {
    const shown: (string | undefined)[] = []
    for (let at = 0; at < policyIds.length; at += 10) {
      const only = policyIds.slice(at, at + 10).flatMap((id) => ['--only', id])
      const ran = await cli.run(['check', '--format', 'github', ...only, '.'], { cwd: project })
      expect(ran.code).toBe(1)
      shown.push(...[...ran.stdout.matchAll(/^::error .*?title=([\w-]+)::/gm)].map(([, id]) => id))
    }
    expect(shown).toEqual(policyIds)
  })

  test('Markdown: a table of all, markup of the image is text', async () => {
    const text = await format('markdown')
    for (const id of policyIds) expect(text).toContain(`| ${id} | ✖ fail |`)
    expect(text).toContain('### ❌ bad "project" &lt;&amp;&gt; · ')
    // Between backquotes nothing is markup.
    expect(text.replace(/`[^`]*`/g, '')).not.toMatch(/<&>/)
  })

  test('an unknown format is refused before anything is built', async () => {
    const ran = await cli.run(['check', '--format', 'sarif2', '.'], { cwd: project })
    expect([ran.code, ran.stderr]).toEqual([2, expect.stringContaining('formats are')])
  })
})
