import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { BuildMisses } from '../../src/app/index.ts'
import { copyBases } from '../support/bases.ts'
import { type Cli, leftovers, writeFiles } from '../support/jettison.ts'

const base = 'debian:bookworm-slim'
let world: string
let folder: string
let jettison: Cli

beforeAll(async () => {
  world = mkdtempSync(join(tmpdir(), 'jettison-e2e-explain-'))
  jettison = await copyBases(join(world, 'store'), [base])
  folder = writeFiles(join(world, 'project'), {
    'requirements.txt': 'flask\n',
    'app/a.py': 'a\n',
    'app/b.py': 'b\n',
    Dockerfile: dockerfile({}),
  })
})

afterAll(() => {
  const left = leftovers(jettison.store)
  rmSync(world, { recursive: true, force: true })
  expect(left).toEqual([])
})

function dockerfile({ last = 'cat /out', version = '1' }): string {
  return `FROM ${base} AS builder
WORKDIR /src
COPY requirements.txt app/ ./
RUN cat *.py > /out
RUN --mount=type=bind,target=/mnt cat /mnt/requirements.txt
FROM ${base}
ARG VERSION=${version}
COPY --from=builder /out /out
RUN ${last}
`
}

async function built(...flags: readonly string[]): Promise<BuildMisses> {
  await jettison.run(['build', '--progress', 'quiet', ...flags, folder])
  return explained()
}

async function explained(...args: readonly string[]): Promise<BuildMisses> {
  const text = await jettison.ok(['explain', '--json', 'CACHE_MISS', ...args])
  return (JSON.parse(text) as { readonly build: BuildMisses }).build
}

/** Line and reasons of each step that ran. */
function missed({ steps }: BuildMisses): readonly (readonly unknown[])[] {
  return steps.map(({ line, reasons }) => [line, ...reasons])
}

test('before the first build there is the page, and no build to ask about', async () => {
  expect(await jettison.ok(['explain', 'cache_miss'])).toMatch(/^CACHE_MISS\n\n\*\*What it says/)
  const failed = await jettison.run(['explain', 'CACHE_MISS', '3'])
  expect([failed.code, failed.stderr]).toEqual([2, expect.stringContaining('BUILD_UNRECORDED')])
  const page = await jettison.run(['explain', 'RUN_FAILED', '3'])
  expect([page.code, page.stderr]).toEqual([2, expect.stringContaining('CACHE_MISS only')])
})

test('each step that ran is told with the field that made it run, and with the files', async () => {
  const first = await built('-t', 'explained:1')
  expect(first.ran).toBe(6)
  expect(missed(first).map(([, reason]) => reason)).toEqual(
    first.steps.map(() => 'it is new: no step like it was built before'),
  )
  expect(await built()).toMatchObject({ ran: 0, cached: 6, steps: [] })
  writeFileSync(join(folder, 'app/b.py'), 'c\n')
  const second = await built('-t', 'explained:2')
  expect(missed(second)).toEqual([
    [3, 'the files that it copies changed (content, mode, owner or name)'],
    [4, 'the step below it ran again (line 3)'],
    [5, 'the files that it mounts at /mnt changed', 'the step below it ran again (line 4)'],
    [8, 'the files that it copies changed (content, mode, owner or name)'],
    [9, 'the step below it ran again (line 8)'],
  ])
  expect(second.steps.map(({ files }) => files)).toEqual([
    [{ path: '/src/b.py', change: 'content' }],
    [],
    [],
    [{ path: '/out', change: 'content' }],
    [],
  ])
  expect((await explained('--build', 'explained:1')).ran).toBe(6)
})

test('an instruction that was rewritten is compared with the one that stood in its place', async () => {
  writeFileSync(join(folder, 'Dockerfile'), dockerfile({ last: 'cat /out /out', version: '2' }))
  const { steps } = await built()
  // The mount of line 5 shows the Dockerfile too.
  expect(steps.map(({ line }) => line)).toEqual([5, 9])
  const [last] = (await explained('9')).steps
  expect(last?.fields).toEqual([
    expect.objectContaining({ field: 'argv', was: '["/bin/sh","-c","cat /out"]' }),
    expect.objectContaining({ field: 'env', was: null, now: null }),
  ])
  expect(last?.reasons).toContain('the environment differs in VERSION')
  const text = await jettison.ok(['explain', 'CACHE_MISS', '9'])
  expect(text).toContain(
    '      was ["/bin/sh","-c","cat /out"]\n      is  ["/bin/sh","-c","cat /out /out"]',
  )
  expect(await jettison.ok(['explain', 'CACHE_MISS', 'builder 2/5'])).toContain(
    'it came from the cache',
  )
})

test('a build that failed is explained too, and one without the cache', async () => {
  writeFileSync(join(folder, 'Dockerfile'), dockerfile({ last: 'false', version: '2' }))
  const failed = await built()
  expect(failed.image).toBeNull()
  expect(missed(failed)).toContainEqual([9, expect.stringContaining('argv was')])
  writeFileSync(join(folder, 'Dockerfile'), dockerfile({}))
  const all = await built('--no-cache')
  expect([all.ran, all.cached]).toEqual([6, 0])
  expect(missed(all).map(([, reason]) => reason)).toEqual(
    all.steps.map(() => 'the cache was not to be asked (--no-cache)'),
  )
  const unknown = await jettison.run(['explain', 'CACHE_MISS', '1'])
  expect([unknown.code, unknown.stderr]).toEqual([2, expect.stringContaining('STEP_UNKNOWN')])
})

test('a misspelt command is told which one it is near to', async () => {
  const near = await jettison.run(['biuld', '.'])
  expect([near.code, near.stderr]).toEqual([
    2,
    expect.stringContaining('did you mean jettison build?'),
  ])
  expect((await jettison.run(['zzzzzz'])).stderr).toContain('jettison --help lists the commands')
})
