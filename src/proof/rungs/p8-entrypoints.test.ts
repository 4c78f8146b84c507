import { expect, test } from 'vitest'
import {
  done,
  type Script,
  scriptedRunner,
  steppedClock,
} from '../../../test/support/scripted-runner.ts'
import { subjectOf } from '../../../test/support/subjects.ts'
import { fromProcfile } from '../entrypoints/index.ts'
import type { Executed } from '../ports.ts'
import type { Finding } from '../rung.ts'
import { sideOf } from '../side.ts'
import { entrypointsRung } from './p8-entrypoints.ts'

type Run = NonNullable<Script['run']>

async function examined(fat: Run, lean: Run, procfile = 'worker: work\n'): Promise<Finding> {
  const side = (name: string): ReturnType<typeof sideOf> =>
    sideOf(subjectOf({ name, layers: [{}, {}] }))
  const runner = scriptedRunner({ fat: { run: fat }, lean: { run: lean } })
  return entrypointsRung.examine({
    fat: side('fat'),
    lean: side('lean'),
    baseConfigs: {},
    maxSize: undefined,
    probes: [],
    entrypoints: fromProcfile(procfile, 'Procfile'),
    mutations: 0,
    runner,
    appRunner: runner,
    absentServices: [],
    clock: steppedClock(),
    observe: () => Promise.reject(new Error('P8 needs no observation')),
    signal: undefined,
  })
}

const service: Executed = { exitCode: 124, stdout: '', stderr: '', timedOut: true }
const noBroker = done(1, '', 'ConnectionRefusedError: [Errno 111] Connection refused')

test('P8: without another command it is skipped, and says how to name one', async () => {
  const found = await examined(
    () => service,
    () => service,
    'web: serve\n',
  )
  expect(found).toMatchObject({ status: 'skip', examined: 0 })
  expect(found.notExercised?.[0]).toContain('--probe')
})

test('P8: equal endings, outputs and services pass', async () => {
  for (const one of [service, done(0, 'worked\n')])
    expect(
      await examined(
        () => one,
        () => one,
      ),
    ).toMatchObject({ status: 'pass', examined: 1 })
})

test.each([
  ['another exit code', done(0, ''), done(1, '')],
  ['a service that ends', service, done(0, '')],
  ['another output', done(0, 'a\n'), done(0, 'b\n')],
  ['an error that only lean prints', done(0, ''), done(0, '', 'ImportError: libx.so')],
])('P8: %s is different', async (_, fat, lean) => {
  expect(
    await examined(
      () => fat,
      () => lean,
    ),
  ).toMatchObject({ status: 'fail' })
})

test('P8: a command that only one side ends in time gets more time on both', async () => {
  let asked = 0
  const slow = (): Executed => (asked++ === 0 ? service : done(0, 'done\n'))
  expect(await examined(slow, () => done(0, 'done\n'))).toMatchObject({ status: 'pass' })
  expect(asked).toBe(2)
})

test('P8: what needs a service is asked for its help, and a module that only lean lacks is named', async () => {
  const helps: Run = (argv) => (argv.includes('--help') ? done(0, 'usage\n') : noBroker)
  expect((await examined(helps, helps)).evidence[0]?.message).toContain('with --help')
  const broken = done(1, '', "ModuleNotFoundError: No module named 'redis'")
  expect((await examined(helps, () => broken)).evidence.at(-1)).toMatchObject({
    missing: { kind: 'module', name: 'redis' },
  })
})

test('P8: what fat cannot do either proves nothing and is said', async () => {
  const found = await examined(
    () => noBroker,
    () => noBroker,
  )
  expect(found).toMatchObject({ status: 'skip', examined: 0 })
  expect(found.notExercised?.[0]).toContain('does not work in fat')
})
