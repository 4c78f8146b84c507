import { expect, test } from 'vitest'
import type { Spec } from '../../test/support/memory-tree.ts'
import {
  answered,
  done,
  type Script,
  scriptedRunner,
  steppedClock,
} from '../../test/support/scripted-runner.ts'
import { subjectOf } from '../../test/support/subjects.ts'
import { silent } from '../base/index.ts'
import type { ContainerConfig } from '../image/index.ts'
import { missingFromProof } from './missing.ts'
import { discoverProbes, type Probe, parseProbe } from './probes/index.ts'
import { prove } from './prove.ts'
import type { Evidence, Proof, RungId, RungResult } from './verdict.ts'

/** A static x86-64 program as far as the loader reads it: an ELF header and nothing else. */
const program = (() => {
  const bytes = new Uint8Array(64)
  bytes.set([0x7f, 0x45, 0x4c, 0x46, 2, 1, 1])
  bytes.set([2, 0, 62, 0, 1], 16)
  return bytes
})()

const base: Readonly<Record<string, Spec>> = { '/bin/sh': { text: program, mode: 0o755 } }
const app: Readonly<Record<string, Spec>> = {
  '/app/server': { text: program, mode: 0o755 },
  '/app/page.html': '<p>hi</p>',
}
const config: ContainerConfig = {
  Cmd: ['/app/server'],
  WorkingDir: '/app',
  ExposedPorts: { '5000/tcp': {} },
}
const healthy: Script = {
  ports: [5000],
  answer: ({ path }) =>
    path === '/health' ? answered(200, { status: 'healthy' }) : answered(404, 'no such page'),
}

type Setting = {
  readonly fat?: Script
  readonly lean?: Script
  readonly probes?: readonly Probe[]
  readonly config?: ContainerConfig
  readonly leanConfig?: ContainerConfig
  readonly fatFiles?: Readonly<Record<string, Spec>>
  readonly leanFiles?: Readonly<Record<string, Spec>>
}

async function proofOf(setting: Setting): Promise<Proof & { readonly left: number }> {
  const runner = scriptedRunner({ fat: setting.fat ?? healthy, lean: setting.lean ?? healthy })
  const used = setting.config ?? config
  const proof = await prove({
    fat: subjectOf({
      name: 'fat',
      layers: [base, setting.fatFiles ?? app],
      config: used,
      size: 200,
    }),
    lean: subjectOf({
      name: 'lean',
      layers: [base, setting.leanFiles ?? setting.fatFiles ?? app],
      config: setting.leanConfig ?? used,
    }),
    probes: setting.probes ?? discoverProbes({ config: used }),
    runner,
    clock: steppedClock(),
    emit: silent,
  })
  return { ...proof, left: runner.running() }
}

function rung(proof: Proof, id: RungId): RungResult {
  const found = proof.rungs.find((one) => one.rung === id)
  if (!found) throw new Error(`no ${id}`)
  return found
}

function failing(proof: Proof): readonly RungId[] {
  return proof.rungs.filter(({ status }) => status === 'fail').map((one) => one.rung)
}

function said(proof: Proof, id: RungId): string {
  return rung(proof, id)
    .evidence.map((one: Evidence) => [one.message, one.fat, one.lean].join(' '))
    .join('\n')
}

test('equal images with an answering probe are equivalent, and what was not exercised is named', async () => {
  const proof = await proofOf({})
  expect(failing(proof)).toEqual([])
  expect(proof.verdict).toBe('EQUIVALENT')
  expect(proof.rungs.map((one) => one.rung)).toEqual([
    ...['P0', 'P1', 'P2', 'P3', 'P4', 'P5', 'P6', 'P7', 'P8', 'P9', 'P10'],
  ])
  expect(rung(proof, 'P7').examined).toBe(1)
  expect(proof.notExercised.join('\n')).toMatch(/P8: no compose file/)
  expect(proof.left).toBe(0)
})

test('both crash: unproven, with the reason from the log', async () => {
  const crash: Script = { ends: 1, log: 'could not translate host name "db" to address' }
  const proof = await proofOf({ fat: crash, lean: crash })
  expect(proof.verdict).toBe('UNPROVEN')
  expect(proof.wouldProve.join('\n')).toContain(
    'PostgreSQL server at db:5432: --service db=postgres',
  )
})

test('both crash, one after it was seen to listen: unproven all the same', async () => {
  const crash: Script = { ends: 3, log: 'Worker failed to boot', ports: [5000] }
  const probes = [parseProbe('http://:5000/health')]
  for (const [fat, lean] of [
    [{ ...crash, lives: 1 }, crash],
    [crash, { ...crash, lives: 1 }],
  ] as const)
    expect((await proofOf({ fat, lean, probes })).verdict).toBe('UNPROVEN')
  const other = await proofOf({ fat: { ...crash, lives: 1 }, lean: { ...crash, ends: 1 }, probes })
  expect(other.verdict).toBe('DIFFERENT')
})

test('both answer 404: unproven', async () => {
  const empty: Script = { ports: [5000] }
  const proof = await proofOf({
    fat: empty,
    lean: empty,
    probes: [parseProbe('http://:5000/health')],
  })
  expect(proof.verdict).toBe('UNPROVEN')
  expect(rung(proof, 'P0').status).toBe('unproven')
})

test('a given probe that fat does not answer leaves the proof open although another counts', async () => {
  const probes = [parseProbe('http://:5000/health'), parseProbe('http://:5000/other')]
  const proof = await proofOf({ probes })
  expect(rung(proof, 'P7').examined).toBe(1)
  expect(proof.verdict).toBe('UNPROVEN')
})

test('a broken /health is different and shows both answers', async () => {
  const broken: Script = { ports: [5000], answer: () => answered(500, 'oops') }
  const proof = await proofOf({ lean: broken })
  expect(proof.verdict).toBe('DIFFERENT')
  expect(said(proof, 'P7')).toContain('200 {"status":"healthy"} 500 oops')
})

test('an answer that breaks at the second request is different', async () => {
  const lean: Script = {
    ports: [5000],
    answer: (request, count) =>
      count > 1 ? answered(500, 'late') : (healthy.answer?.(request, count) ?? answered(404, '')),
  }
  const proof = await proofOf({ lean, probes: [parseProbe('http://:5000/health')] })
  expect(failing(proof)).toEqual(['P7'])
})

test('lean that does not start, ends early, or opens no port is different', async () => {
  for (const lean of [
    { startFails: 'exec /app/server: no such file' },
    { ends: 127, log: 'libpq.so.5: cannot open shared object file' },
    { ports: [] },
  ] as const) {
    const proof = await proofOf({ lean })
    expect(failing(proof)).toContain('P7')
    expect(proof.verdict).toBe('DIFFERENT')
  }
})

test("a library that lean's log misses is handed to the repair", async () => {
  const lean: Script = {
    ends: 127,
    log: 'ImportError: libpq.so.5: cannot open shared object file: No such file or directory',
  }
  const proof = await proofOf({ lean })
  expect(missingFromProof(proof)).toMatchObject([{ kind: 'library', soname: 'libpq.so.5' }])
})

test('an error that only lean logs is different although every probe is equal', async () => {
  const lean: Script = { ...healthy, log: "WARN ModuleNotFoundError: No module named 'yaml'" }
  const proof = await proofOf({ lean })
  expect(failing(proof)).toEqual(['P7'])
  expect(missingFromProof(proof)).toMatchObject([{ kind: 'module', name: 'yaml' }])
})

test('another port, another exit code and an ignored signal are different', async () => {
  const alike: readonly Script[] = [
    { ...healthy, ports: [5000, 9090] },
    { ...healthy, stops: { exitCode: 1, killed: false } },
    { ...healthy, stops: { exitCode: 137, killed: true } },
  ]
  for (const lean of alike) expect(failing(await proofOf({ lean }))).toEqual(['P7'])
  const deaf: Script = { ...healthy, stops: { exitCode: 137, killed: true } }
  expect((await proofOf({ fat: deaf, lean: deaf })).verdict).toBe('EQUIVALENT')
})

test('a port that is not exposed is found by listening', async () => {
  const hidden: Script = { ports: [8000], answer: () => answered(200, 'ok') }
  const proof = await proofOf({ fat: hidden, lean: hidden, config: { Cmd: ['/app/server'] } })
  expect(proof.verdict).toBe('EQUIVALENT')
  expect(said(proof, 'P7')).toContain('GET :8000/')
})

test('a job counts when it ends with 0, and its output is compared', async () => {
  const job = (log: string, ends = 0): Script => ({ log, ends, run: () => done(ends, log) })
  const of = (fat: Script, lean: Script): Promise<Proof> =>
    proofOf({ fat, lean, config: { Cmd: ['/app/server'] } })
  expect((await of(job('42 rows'), job('42 rows'))).verdict).toBe('EQUIVALENT')
  expect((await of(job('42 rows'), job('41 rows'))).verdict).toBe('DIFFERENT')
  expect((await of(job('42 rows'), job('', 1))).verdict).toBe('DIFFERENT')
  expect((await of(job('x', 1), job('x', 1))).verdict).toBe('UNPROVEN')
})

test("an interpreter's prompt that ends at once proves nothing", async () => {
  const ended: Script = { ends: 0 }
  const files = { '/usr/bin/python3': { text: program, mode: 0o755 } }
  const proof = await proofOf({
    fat: ended,
    lean: ended,
    fatFiles: files,
    config: { Cmd: ['python3'] },
  })
  expect(proof.verdict).toBe('UNPROVEN')
})

test('a command that is asked for is run by itself where the app has ended', async () => {
  const side = (out: string): Script => ({
    ends: 0,
    run: (argv) => done(0, argv.includes('--version') ? out : ''),
  })
  const of = async (lean: string): Promise<Proof['verdict']> => {
    const probes = [{ kind: 'cmd', argv: ['/app/server', '--version'], origin: 'given' }] as const
    return (await proofOf({ fat: side('1.2'), lean: side(lean), probes })).verdict
  }
  expect([await of('1.2'), await of('1.3')]).toEqual(['EQUIVALENT', 'DIFFERENT'])
})

test('a health command that cannot fail proves nothing', async () => {
  const script: Script = { ports: [], exec: () => done(0, '') }
  const proof = await proofOf({
    fat: script,
    lean: script,
    config: { Cmd: ['/app/server'], Healthcheck: { Test: ['CMD-SHELL', 'exit 0'] } },
  })
  expect(proof.verdict).toBe('UNPROVEN')
})

test('a health command that only lean fails is different', async () => {
  const withCheck: ContainerConfig = { ...config, Healthcheck: { Test: ['CMD', '/app/server'] } }
  const fat: Script = { ...healthy, exec: () => done(0, 'ok') }
  const lean: Script = { ...healthy, exec: () => done(127, '', 'not found') }
  expect(failing(await proofOf({ fat, lean, config: withCheck }))).toEqual(['P7'])
})

test('each static difference turns the verdict', async () => {
  const missing = await proofOf({ leanFiles: { '/app/server': { text: program, mode: 0o755 } } })
  expect(failing(missing)).toEqual(['P2'])
  expect(missingFromProof(missing)).toEqual([{ kind: 'file', path: '/app/page.html' }])
  const other = await proofOf({ leanConfig: { ...config, User: 'nobody' } })
  expect(failing(other)).toEqual(['P1'])
  expect([missing.verdict, other.verdict]).toEqual(['DIFFERENT', 'DIFFERENT'])
})

test('P6 and P10 fail without turning the verdict', async () => {
  const gcc = { '/usr/bin/gcc': { text: program, mode: 0o755 } }
  const proof = await proofOf({ leanFiles: { ...app, ...gcc }, fatFiles: app })
  expect(failing(proof)).toEqual(['P6'])
  expect(said(proof, 'P6')).toContain('/usr/bin/gcc')
  expect(proof.verdict).toBe('EQUIVALENT')
})

test('an aborted proof throws and leaves nothing', async () => {
  const stop = new AbortController()
  const runner = scriptedRunner({ fat: { ports: [] }, lean: { ports: [] } })
  const clock = steppedClock()
  const subject = subjectOf({ name: 'fat', layers: [base, app], config })
  const proof = prove({
    fat: subject,
    lean: { ...subject, name: 'lean' },
    probes: discoverProbes({ config }),
    runner,
    clock: {
      now: clock.now,
      sleep: (ms, signal) => {
        stop.abort(new Error('stop'))
        return clock.sleep(ms, signal)
      },
    },
    emit: silent,
    signal: stop.signal,
  })
  await expect(proof).rejects.toThrow('stop')
  expect(runner.running()).toBe(0)
})

test('what only one side says at its start is a difference; times, ports and process numbers are none', async () => {
  const saying = (log: string): Script => ({ ...healthy, log })
  const same = await proofOf({
    fat: saying('[2026-01-01 10:00:00 +0000] [7] Booting worker (8)\nready in 0.31 s\n'),
    lean: saying('[2026-01-01 10:00:03 +0000] [9] Booting worker (12)\nready in 1.2 s\n'),
  })
  expect(same.verdict).toBe('EQUIVALENT')
  const slow = await proofOf({
    fat: saying('using the C extension\nready\n'),
    lean: saying('using the slow parser\nready\n'),
  })
  expect(slow.verdict).toBe('DIFFERENT')
  expect(rung(slow, 'P7').evidence.map(({ message }) => message)).toEqual(
    expect.arrayContaining([
      'only fat logs at its start: using the C extension',
      'only lean logs at its start: using the slow parser',
    ]),
  )
  expect(slow.left).toBe(0)
})
