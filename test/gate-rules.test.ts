import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { kilobyte, writeGateProject } from './support/gate-project.ts'
import { type Cli, cliOn, writeFiles } from './support/jettison.ts'

const world = mkdtempSync(join(tmpdir(), 'jettison-gate-rules-'))
const project = join(world, 'project')
let cli: Cli

beforeAll(() => {
  cli = cliOn(join(world, 'store'))
  writeGateProject(project)
})

afterAll(() => rmSync(world, { recursive: true, force: true }))

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
  expect([kept.includes('API_TOKEN'), kept.includes('told-to-nobody')]).toEqual([true, false])
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
