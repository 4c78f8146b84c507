import { cpSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { env } from 'node:process'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { openSession, type Report, readSettings, slim } from '../../src/index.ts'
import type { Plan } from '../../src/slim/index.ts'
import { storeWithBases } from '../support/bases.ts'
import { type Cli, writeFiles } from '../support/jettison.ts'
import { olderBase } from '../support/older-base.ts'

/**
 * Each project is planned well; `broken` takes out of the plan what the proof then finds missing, and the loop has to
 * bring it back without help. All but a few run on demand: JETTISON_REPAIRS=all (npm run repairs).
 */
type Case = {
  readonly name: string
  readonly broken: (plan: Plan) => Plan
  /** What the loop says that it did. */
  readonly steps: readonly RegExp[]
  /** What is then in the lean Dockerfile. */
  readonly text: RegExp
}

const name = 'e2e-repairs'
// biome-ignore lint/style/noProcessEnv: how a person asks vitest for more
const all = env['JETTISON_REPAIRS'] === 'all'
const bare = `${name}/bare:1`

const without =
  (dropped: string) =>
  (plan: Plan): Plan => ({
    ...plan,
    runtimePackages: plan.runtimePackages.filter((one) => one.name !== dropped),
  })

const on =
  (reference: string, next: (plan: Plan) => Plan = (plan) => plan) =>
  (plan: Plan): Plan => ({
    ...next(plan),
    runtime: { ...plan.runtime, from: reference, reference },
  })

const cases: readonly (Case & { readonly always?: true })[] = [
  {
    name: 'library',
    broken: without('libjansson4'),
    steps: [/^added libjansson4 \(for libjansson\.so\.4\)$/],
    text: /libjansson4: libjansson\.so\.4, found missing by the proof/,
    always: true,
  },
  {
    name: 'interpreter',
    broken: without('gawk'),
    steps: [/^added gawk \(for /],
    text: /^ .*\bgawk\b/m,
  },
  {
    name: 'certificates',
    broken: without('ca-certificates'),
    steps: [/^added ca-certificates \(for /],
    text: /^ .*\bca-certificates\b/m,
  },
  {
    name: 'zones',
    broken: on(bare, without('tzdata')),
    steps: [/^added tzdata \(for /],
    text: /^ .*\btzdata\b/m,
  },
  {
    name: 'release',
    broken: on('debian:bullseye-slim'),
    steps: [/^based the runtime on debian:bookworm-slim \(.* of bullseye lacks .*GLIBC_2\.34/],
    text: /^FROM debian:bookworm-slim AS runtime$/m,
  },
  {
    name: 'healthcheck',
    broken: without('curl'),
    steps: [/^added curl \(for /],
    text: /^ .*\bcurl\b/m,
    always: true,
  },
]

let jettison: Cli
let world: string

beforeAll(async () => {
  world = mkdtempSync(join(tmpdir(), 'jettison-e2e-repairs-'))
  jettison = storeWithBases(['debian:bookworm', 'debian:bookworm-slim'])
  if (!all) return
  // A base that has no time zones, as Ubuntu's.
  const Dockerfile = `FROM debian:bookworm-slim
RUN dpkg --purge --force-all tzdata && echo Etc/UTC > /etc/timezone && ln -sf /usr/share/zoneinfo/Etc/UTC /etc/localtime
`
  await jettison.ok(['build', '-q', '-t', bare, writeFiles(join(world, 'bare'), { Dockerfile })])
  await olderBase(jettison, join(world, 'older'))
})

afterAll(async () => {
  if (all) await jettison.run(['rmi', bare, 'debian:bullseye-slim'])
  rmSync(world, { recursive: true, force: true })
})

for (const { always, ...one } of cases)
  test.runIf(always || all)(`a missing ${one.name} is repaired without help`, async () => {
    const { report, phases } = await repaired(one)
    expect(report.proof.filter(({ status }) => status === 'fail')).toEqual([])
    expect(report).toMatchObject({ verdict: 'EQUIVALENT', refusal: null })
    expect(report.repairs).toEqual(
      one.steps.map((step) => expect.stringMatching(step) as unknown as string),
    )
    const [, runtime = ''] = report.dockerfile?.text.split(/^(?=FROM .* AS runtime$)/m) ?? []
    expect(runtime).toMatch(one.text)
    expect(phases.filter((phase) => phase === 'repair')).toHaveLength(one.steps.length)
    expect(phases.filter((phase) => phase === 'prove')).toContain('prove')
  })

async function repaired({
  name: project,
  broken,
}: Case): Promise<{ readonly report: Report; readonly phases: readonly string[] }> {
  const context = join(world, project)
  cpSync(join(import.meta.dirname, '../corpus/repairs', project), context, { recursive: true })
  const phases: string[] = []
  const session = openSession({
    settings: readSettings({ root: jettison.store }, env),
    emit: (event) => {
      if (event.kind === 'phase') phases.push(event.name)
    },
    signal: new AbortController().signal,
    monitorCommand: [],
  })
  const report = await slim(session, {
    context,
    cwd: world,
    args: {},
    tagFat: null,
    tagLean: null,
    probes: [],
    maxSize: null,
    mutations: 0,
    write: null,
    amend: broken,
    assumptions: { megabitsPerSecond: 100, compressionRatio: 0.4, transfersPerRun: 2 },
  })
  return { report, phases }
}
