import { expect, test } from 'vitest'
import {
  done,
  type Script,
  scriptedRunner,
  steppedClock,
} from '../../../test/support/scripted-runner.ts'
import { subjectOf } from '../../../test/support/subjects.ts'
import { isFault } from '../../base/index.ts'
import type { ContainerRunner, RunningContainer } from '../ports.ts'
import { absentService, appRunner, type Service, suggestService } from './index.ts'

const service = (name: string, exposed: readonly number[] = []): Service => ({
  name,
  subject: subjectOf({
    name: `${name}-image`,
    layers: [{}],
    config: { ExposedPorts: Object.fromEntries(exposed.map((port) => [`${port}/tcp`, {}])) },
  }),
  env: [`NAME=${name}`],
})

const app = subjectOf({ name: 'app', layers: [{}] })

/** The ports of one network: what any of its containers listens on. */
function world(
  scripts: Readonly<Record<string, Script>>,
  services: readonly Service[],
): {
  readonly runner: ContainerRunner
  readonly bare: ReturnType<typeof scriptedRunner>
} {
  const bare = scriptedRunner(scripts)
  const conditions = { services, env: ['A=1'] }
  return { bare, runner: appRunner(bare, conditions, steppedClock()) }
}

test('services start in order and before the app, in one network, and end with it', async () => {
  const { bare, runner } = world(
    {
      'db-image': { ports: [5432] },
      'queue-image': { ports: [5432, 5672] },
      app: { ports: [5432, 5672, 80] },
    },
    [service('db', [5432]), service('queue')],
  )
  const container = await runner.start(app, { env: ['B=2'], trace: true })
  expect(bare.started.map(({ name }) => name)).toEqual(['db-image', 'queue-image', 'app'])
  const [first, second, last] = bare.started.map(({ options }) => options)
  expect(first).toEqual({ env: ['NAME=db'], hosts: ['db', 'queue'] })
  expect(second?.beside).toBeDefined()
  expect(last).toMatchObject({ env: ['A=1', 'B=2'], hosts: ['db', 'queue'], trace: true })
  expect(last?.beside).toBe(second?.beside)
  expect(await container.listening()).toEqual([80])
  expect(bare.running()).toBe(3)
  await container.stop({ signal: 'SIGTERM', graceMs: 1 })
  expect(bare.running()).toBe(0)
})

test('a command that runs to its end has them too, and they are gone when it has', async () => {
  const { bare, runner } = world(
    { 'db-image': { ports: [5432] }, app: { run: () => done(0, 'ok') } },
    [service('db')],
  )
  expect(await runner.run(app, { command: ['migrate'], timeoutMs: 1 })).toMatchObject({
    stdout: 'ok',
  })
  expect(bare.started.map(({ name }) => name)).toEqual(['db-image'])
  expect(bare.running()).toBe(0)
})

test.each<[string, Script, RegExp]>([
  ['ends', { ends: 3, log: 'no password\n' }, /db \(db-image\) ended with exit 3: no password/],
  ['does not start', { startFails: 'no such program' }, /does not start: no such program/],
  ['listens on no port', { ports: [] }, /listens on no port/],
  ['listens on another port than it exposes', { ports: [9] }, /listens on no port/],
])('a service that %s is named, and nothing is left', async (_, script, message) => {
  const { bare, runner } = world({ 'db-image': script }, [service('db', [5432])])
  const error = await failure(runner.start(app, {}))
  expect(isFault(error) && error.code).toBe('SERVICE_NOT_READY')
  expect(String(error)).toMatch(message)
  expect(bare.running()).toBe(0)
})

test('a health check is asked until it passes', async () => {
  let asked = 0
  const exec = (): ReturnType<typeof done> => done(asked++ < 3 ? 1 : 0, '')
  const { runner } = world({ 'db-image': { ports: [5432], exec } }, [
    { ...service('db'), health: ['pg_isready'] },
  ])
  await (await runner.start(app, {})).stop({ signal: 'SIGTERM', graceMs: 1 })
  expect(asked).toBe(4)
})

test('without services and settings the runner is the one that it was', () => {
  const bare = scriptedRunner({})
  expect(appRunner(bare, { services: [], env: [] }, steppedClock())).toBe(bare)
})

test.each([
  ['db', '5432', /PostgreSQL server at db:5432: --service db=postgres:\d+,POSTGRES_PASSWORD=/],
  ['127.0.0.1', '6379', /Redis server at localhost:6379: --service redis=redis:\d+/],
  ['api', undefined, /server at api: --service api=IMAGE/],
])('%s:%s is named with the flag that gives it', (host, port, text) => {
  expect(suggestService(host, port)).toMatch(text)
})

test('a service of the project that is not here is named with its file', () => {
  const text = absentService({ name: 'db', image: 'postgres:15', source: 'compose.yaml' })
  expect(text).toMatch(/compose\.yaml names the service db \(postgres:15\).*--service db=IMAGE/)
})

async function failure(work: Promise<RunningContainer>): Promise<unknown> {
  try {
    await work
    return undefined
  } catch (error) {
    return error
  }
}
