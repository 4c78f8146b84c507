import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Ajv2020 } from 'ajv/dist/2020.js'
import { parse as parseJunit } from 'junit2json'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { policyIds } from '../src/gate/index.ts'
import type { GateReport } from '../src/report/index.ts'
import { type Cli, cliOn, writeFiles } from './support/jettison.ts'
import { sarifErrors, sarifSchema } from './support/sarif-multitool.ts'

const world = mkdtempSync(join(tmpdir(), 'jettison-gate-'))
const project = join(world, 'bad "project" <&>')
let cli: Cli
let report: GateReport

/** Every policy, each with something to find. */
const everything = {
  'min-stages': { min: 3 },
  'image-size': { max: 1000 },
  'http-probe': { url: 'http://:5000/health' },
  'forbidden-packages': { packages: ['gcc'] },
  'runtime-base': { image: 'python:3.11-slim' },
  'max-growth': { max: 1 },
  'max-layers': { max: 1 },
  'max-layer-size': { max: 100 },
  'max-ballast': { percent: 1 },
  'no-build-tools': {},
  'no-dev-headers': {},
  'no-package-cache': {},
  'no-vcs-data': {},
  'no-docs': {},
  'no-debug-tools': {},
  'no-wasted-bytes': { max: 10 },
  'no-metadata-copies': { max: 10 },
  'base-image': { pin: 'digest' },
  user: { not: 'root' },
  files: { absent: ['**/.env'], present: ['/etc/passwd'] },
  metadata: { exposedPorts: ['5000'], workdir: '/srv' },
  'no-secrets': {},
  'no-tests': {},
  'no-dev-dependencies': {},
  'no-duplicates': {},
  dockerignore: {},
  'copy-order': {},
  parity: {},
  boots: { seconds: 1 },
  healthcheck: {},
}

const kilobyte = 'x'.repeat(1000)

beforeAll(async () => {
  cli = cliOn(join(world, 'store'))
  writeFiles(project, {
    Dockerfile: [
      // Nothing needs this stage, so it is never built.
      'FROM scratch AS unused',
      'COPY . .',
      'RUN npm ci',
      'FROM scratch',
      'ENV API_TOKEN=abc',
      'COPY gcc /usr/bin/gcc',
      'COPY stdio.h /usr/include/',
      'COPY wheel /root/.cache/pip/',
      'COPY git /app/.git/',
      'COPY manual /usr/share/doc/app/manual',
      'COPY debug /usr/lib/debug/app.debug',
      'COPY env /app/.env',
      'COPY once /app/data',
      'COPY twice /app/data',
      'COPY twice /app/same',
      'COPY --chmod=700 twice /app/same',
      'COPY netrc /app/.netrc',
      'COPY nothing /app/.netrc',
      'COPY large /app/large',
      'COPY large /app/again',
      'COPY node_modules /app/node_modules',
      'COPY package.json /app/',
      'CMD ["/app/none"]',
      '',
    ].join('\n'),
    ...Object.fromEntries(
      ['gcc', 'stdio.h', 'wheel', 'manual', 'debug', 'env', 'once'].map((name) => [name, kilobyte]),
    ),
    twice: kilobyte.toUpperCase(),
    netrc: 'machine x',
    nothing: '',
    'git/HEAD': 'ref: refs/heads/main\n',
    'git/objects/ab/cd': kilobyte,
    large: kilobyte.repeat(5),
    'node_modules/left/package.json': JSON.stringify({ name: 'left', version: '1.0.0' }),
    'node_modules/left/test/all.js': kilobyte,
    'node_modules/right/package.json': JSON.stringify({ name: 'right', version: '1.0.0' }),
    'node_modules/right/index.js': kilobyte,
    'package.json': JSON.stringify({
      ...{ name: 'app', version: '1.0.0' },
      ...{ dependencies: { left: '1' }, devDependencies: { right: '1' } },
    }),
    'baseline.json': JSON.stringify({
      ...{ version: 1, reference: 'old', size: 10, layers: 1, ballast: 0 },
      configuration: { Cmd: ['/app/some'] },
    }),
    'jettison.yaml': JSON.stringify({
      version: 1,
      policies: everything,
      baseline: 'baseline.json',
    }),
  })
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
  expect(JSON.stringify(report)).not.toContain('abc')
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

describe('rules about rules', () => {
  const small = (text: object) => {
    writeFileSync(join(project, 'small.yaml'), JSON.stringify({ version: 1, ...text }))
    return cli.run(['check', '--policy', 'small.yaml', '.'], { cwd: project })
  }

  test('a warning is told and does not fail, unless asked to', async () => {
    const ran = await small({ policies: { 'no-build-tools': 'warn' } })
    expect([ran.code, ran.stdout]).toEqual([0, expect.stringContaining('▲ warn  no-build-tools')])
    const strict = ['check', '--policy', 'small.yaml', '--fail-on', 'warn', '.']
    expect(await cli.run(strict, { cwd: project })).toMatchObject({ code: 1 })
  })

  test('extends: a preset, a file over it, and the file itself last', async () => {
    writeFiles(project, {
      'team.yaml': 'version: 1\nextends: minimal\npolicies: { user: { not: root } }\n',
    })
    const ran = await small({
      extends: './team.yaml',
      policies: { 'no-build-tools': 'off', 'no-secrets': 'off', 'no-package-cache': 'off' },
    })
    expect([ran.code, ran.stdout]).toEqual([1, expect.stringContaining('✖ fail  user')])
    expect(ran.stdout).not.toContain('no-build-tools')
    expect(await small({ extends: 'nothing' })).toMatchObject({ code: 2 })
    expect(await small({ extends: './small.yaml' })).toMatchObject({ code: 2 })
  })

  test('ignore: with a reason, until its day, and told as not counted', async () => {
    const ignored = (until?: string) =>
      small({
        policies: { 'no-build-tools': {} },
        ignore: [
          {
            ...{ policy: 'no-build-tools', path: '/usr/bin/gcc', reason: 'numba links' },
            ...(until === undefined ? {} : { until }),
          },
        ],
      })
    expect(await ignored()).toMatchObject({ code: 0 })
    const past = await ignored('2020-01-01')
    expect([past.code, past.stdout]).toEqual([1, expect.stringContaining('ended on 2020-01-01')])
  })

  test('baseline: a ratchet', async () => {
    const rules = { policies: { 'max-growth': { max: '1kB' } }, baseline: 'ratchet.json' }
    expect(await small(rules)).toMatchObject({ code: 3 })
    expect(
      await small({ ...rules, baseline: { file: 'ratchet.json', 'on-missing': 'warn' } }),
    ).toMatchObject({ code: 3, stdout: expect.stringContaining('there is no baseline') })
    await small(rules)
    const update = ['check', '--policy', 'small.yaml', '--update-baseline', '.']
    const first = await cli.run(update, { cwd: project })
    expect(first.stderr).toContain('baseline:')
    expect(await small(rules)).toMatchObject({ code: 0 })
    writeFiles(project, { 'git/objects/more': 'y'.repeat(5000) })
    expect(await small(rules)).toMatchObject({ code: 1 })
    const kept = readFileSync(join(project, 'ratchet.json'), 'utf8')
    expect(await cli.run(update, { cwd: project })).toMatchObject({ code: 1 })
    expect(readFileSync(join(project, 'ratchet.json'), 'utf8')).toBe(kept)
    await cli.run([...update, '--allow-growth'], { cwd: project })
    expect(await small(rules)).toMatchObject({ code: 0 })
  })

  test('baseline: an image, or what is kept of one without the values of its variables', async () => {
    await cli.ok(['build', '-q', '-t', 'gate:old', '.'], { cwd: project })
    const rules = { policies: { parity: {}, 'max-growth': { max: 1 } } }
    expect(await small({ ...rules, baseline: { image: 'gate:old' } })).toMatchObject({ code: 0 })
    expect(await small({ ...rules, baseline: { image: 'gate:gone' } })).toMatchObject({ code: 3 })
    await small({ ...rules, baseline: 'kept.json' })
    const check = ['check', '--policy', 'small.yaml']
    await cli.run([...check, '--update-baseline', '.'], { cwd: project })
    const kept = readFileSync(join(project, 'kept.json'), 'utf8')
    expect([kept.includes('API_TOKEN'), kept.includes('abc')]).toEqual([true, false])
    const old = { ...(JSON.parse(kept) as object), date: '2020-01-01' }
    writeFiles(project, { 'old.json': JSON.stringify(old) })
    const stale = { ...rules, baseline: { file: 'old.json', 'stale-after-days': 14 } }
    expect((await small(stale)).stdout).toMatch(/▲ note .* days old/)
    await small({ ...rules, baseline: 'kept.json' })
    writeFiles(project, { 'Dockerfile.port': 'FROM gate:old\nEXPOSE 80\n' })
    const ported = await cli.run([...check, '-f', 'Dockerfile.port', '.'], { cwd: project })
    expect([ported.code, ported.stdout]).toEqual([
      1,
      expect.stringContaining('ports was unset and is 80/tcp'),
    ])
    const named = [...check, '-f', 'Dockerfile.port', '--only', 'max-growth', '.']
    const beside = await cli.run([...named, '--baseline', 'gate:old'], { cwd: project })
    expect([beside.code, beside.stdout]).toEqual([0, expect.not.stringContaining('parity')])
  })

  test('an archive is judged where it lies, and nothing of it can be started', async () => {
    const archive = join(world, 'old.tar')
    await cli.ok(['save', '-o', archive, 'gate:old'])
    const other = cliOn(join(world, 'other'))
    await small({ policies: { user: { not: 'root' }, boots: 'warn' } })
    const judged = await other.run(['check', '--policy', 'small.yaml', archive], { cwd: project })
    expect([judged.code, judged.stdout]).toEqual([1, expect.stringContaining('✖ fail  user')])
    expect(judged.stdout).toMatch(/– skip {2}boots .*not in the store/)
    expect(await other.ok(['image', 'ls', '-q'])).toBe('')
  })

  test('what is left out is said, and a gate that judges nothing is undecided', async () => {
    await small({ policies: { boots: 'error', user: { not: 'root' } } })
    const only = ['check', '--policy', 'small.yaml', '--no-run', '--only', 'boots', '.']
    const left = await cli.run(only, { cwd: project })
    expect([left.code, left.stdout]).toEqual([3, expect.stringContaining('not judged')])
    const misspelt = await cli.run(['check', '--policy', 'small.yaml', '--only', 'boot', '.'], {
      cwd: project,
    })
    expect([misspelt.code, misspelt.stderr]).toEqual([2, expect.stringContaining('boots?')])
    const nothing = await cli.run(['check', '--policy', 'small.yaml', 'gate:gone'], {
      cwd: project,
    })
    expect(nothing).toMatchObject({ code: 3 })
  })

  test('--init writes a file that passes today, and never over another', async () => {
    const fresh = writeFiles(join(world, 'fresh'), {
      Dockerfile: 'FROM scratch\nCOPY gcc /usr/bin/gcc\n',
      gcc: kilobyte,
    })
    expect(await cli.run(['check', '--init', '.'], { cwd: fresh })).toMatchObject({ code: 0 })
    expect(await cli.run(['check', '.'], { cwd: fresh })).toMatchObject({
      code: 0,
      stdout: expect.stringContaining('▲ warn  no-build-tools'),
    })
    expect(await cli.run(['check', '--init', '.'], { cwd: fresh })).toMatchObject({ code: 2 })
  })
})
