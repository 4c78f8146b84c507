import { execFileSync, spawnSync } from 'node:child_process'
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Ajv2020 } from 'ajv/dist/2020.js'
import { afterAll, expect, test } from 'vitest'
import { parse } from 'yaml'
import { writeFiles } from './support/jettison.ts'

const root = join(import.meta.dirname, '..')
const recipes = join(root, 'docs/ci')
const world = mkdtempSync(join(tmpdir(), 'jettison-ci-'))

afterAll(() => rmSync(world, { recursive: true, force: true }))

function check(policies: string): { readonly code: number | null; readonly told: string } {
  const project = writeFiles(join(world, 'project'), {
    Dockerfile: 'FROM scratch\nCOPY app /app\n',
    app: 'x',
    'jettison.yaml': `version: 1\npolicies: ${policies}\n`,
  })
  const path = `PATH=${join(root, 'bin')}:/usr/local/bin:/usr/bin:/bin`
  const home = `JETTISON_HOME=${join(world, 'store')}`
  const script = [join(recipes, 'check.sh'), '.', 'reports']
  const ran = spawnSync('env', [path, home, 'sh', ...script], { cwd: project, encoding: 'utf8' })
  return { code: ran.status, told: ran.stdout + ran.stderr }
}

test('the shell recipe: passes, fails and is undecided as the gate is, and leaves the reports', () => {
  expect(check('{ max-layers: 5 }')).toMatchObject({
    code: 0,
    told: expect.stringContaining('gate passed'),
  })
  expect(check('{ min-stages: 2 }')).toMatchObject({
    code: 1,
    told: expect.stringContaining('gate failed'),
  })
  expect(check('{}')).toMatchObject({ code: 3, told: expect.stringContaining('undecided') })
  const reports = readdirSync(join(world, 'project/reports')).sort((a, b) => (a < b ? -1 : 1))
  expect(reports).toEqual([
    'gate.json',
    'gate.md',
    'gate.sarif',
    'gate.xml',
    'gl-code-quality-report.json',
  ])
})

const text = { type: 'string', minLength: 1 }

/** The parts of GitHub's action metadata that a composite action has. */
const action = {
  type: 'object',
  required: ['name', 'description', 'runs'],
  additionalProperties: false,
  properties: {
    name: text,
    description: text,
    inputs: {
      type: 'object',
      additionalProperties: {
        type: 'object',
        required: ['description'],
        additionalProperties: false,
        properties: { description: text, required: { type: 'boolean' }, default: text },
      },
    },
    outputs: {
      type: 'object',
      additionalProperties: {
        type: 'object',
        required: ['description', 'value'],
        additionalProperties: false,
        properties: { description: text, value: text },
      },
    },
    runs: {
      type: 'object',
      required: ['using', 'steps'],
      additionalProperties: false,
      properties: {
        using: { const: 'composite' },
        steps: {
          type: 'array',
          minItems: 1,
          items: {
            type: 'object',
            required: ['run', 'shell'],
            additionalProperties: false,
            properties: {
              name: text,
              id: text,
              shell: text,
              run: text,
              env: { type: 'object', additionalProperties: text },
            },
          },
        },
      },
    },
  },
}

test('the GitHub action has the shape of a composite action, and no input is pasted into a script', () => {
  const value = read('github/action.yml') as {
    readonly runs: { readonly steps: readonly { readonly run: string }[] }
  }
  const validate = new Ajv2020().compile(action)
  expect([validate(value), validate.errors]).toEqual([true, null])
  for (const { run } of value.runs.steps) expect(run).not.toContain('${{')
})

test('the GitLab template has the shape of a hidden job', () => {
  const validate = new Ajv2020().compile({
    type: 'object',
    propertyNames: { pattern: '^\\.' },
    additionalProperties: {
      type: 'object',
      required: ['script'],
      additionalProperties: false,
      properties: {
        image: text,
        variables: { type: 'object', additionalProperties: text },
        before_script: { type: 'array', items: text },
        script: { type: 'array', minItems: 1, items: text },
        artifacts: {
          type: 'object',
          additionalProperties: false,
          properties: {
            when: { enum: ['on_success', 'on_failure', 'always'] },
            reports: {
              type: 'object',
              additionalProperties: false,
              properties: { junit: text, codequality: text },
            },
          },
        },
      },
    },
  })
  expect([validate(read('gitlab.yml')), validate.errors]).toEqual([true, null])
})

test('every flag and format that a recipe uses exists', () => {
  const help = execFileSync(join(root, 'bin/jettison'), ['check', '--help'], { encoding: 'utf8' })
  const used = ['check.sh', 'github/action.yml', 'gitlab.yml']
    .map((name) => readFileSync(join(recipes, name), 'utf8'))
    .join('\n')
  const flags = [...new Set([...used.matchAll(/(?<=jettison check[^\n]*|^ +)--format "?(\w+)/gm)])]
  expect(flags.length).toBeGreaterThan(5)
  for (const [, format] of flags) expect(help).toMatch(new RegExp(`\\b${format}\\b`))
})

function read(name: string): unknown {
  return parse(readFileSync(join(recipes, name), 'utf8'))
}
