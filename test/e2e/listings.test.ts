import { afterAll, beforeAll, expect, test } from 'vitest'
import { listContainers, openSession, type Session } from '../../src/app/index.ts'
import { silent } from '../../src/base/index.ts'
import { readSettings } from '../../src/config/index.ts'
import { appImage } from '../support/app-image.ts'
import { bundleChanges } from '../support/bases.ts'
import { type Cli, cliOn } from '../support/jettison.ts'
import { type Minbase, minbaseStore } from '../support/minbase.ts'

let world: Minbase
let jettison: Cli

function session(): Session {
  const settings = readSettings({ root: world.store.root }, {})
  return openSession({ settings, emit: silent, signal: new AbortController().signal })
}

/** The containers that the expectations below were read off Docker Engine 20.10 with. */
beforeAll(async () => {
  bundleChanges()
  world = minbaseStore()
  jettison = cliOn(world.store.root)
  const image = await appImage(world, { Cmd: ['sleep', '999'], Labels: { tier: 'image' } })
  world.store.tag('app:1', image.id)
  const run = ['run', '--network', 'none']
  await jettison.ok([...run, '-d', '--name', 'one', '-l', 'tier=web', '--expose', '80', 'app:1'])
  const words = ['app:1', 'sh', '-c', 'echo x > /new; exit 3']
  await jettison.run([...run, '--name', 'two', '-l', 'tier=db', '-v', '/data', ...words])
  await jettison.ok([
    'run',
    '--network',
    'host',
    '--name',
    'three',
    '-v',
    'vol:/x',
    'app:1',
    'true',
  ])
})

afterAll(async () => {
  await jettison.ok(['rm', '-f', 'one', 'two', 'three'])
  world.remove()
})

type Query = { readonly all?: true; readonly last?: number; readonly filters?: readonly string[] }

test.each<readonly [Query, string]>([
  [{}, 'one'],
  [{ all: true }, 'three two one'],
  [{ last: 1 }, 'three'],
  [{ last: 2 }, 'three two'],
  [{ filters: ['status=exited'] }, 'three two'],
  [{ filters: ['status=running', 'status=exited'] }, 'three two one'],
  [{ filters: ['exited=3'] }, ''],
  [{ all: true, filters: ['exited=3'] }, 'two'],
  [{ all: true, filters: ['name=o'] }, 'two one'],
  [{ all: true, filters: ['name=^/two$'] }, 'two'],
  [{ all: true, filters: ['label=tier=db'] }, 'two'],
  [{ all: true, filters: ['label=tier'] }, 'three two one'],
  [{ all: true, filters: ['ancestor=app:1'] }, 'three two one'],
  [{ all: true, filters: ['ancestor=nothere'] }, ''],
  [{ all: true, filters: ['volume=/data'] }, 'two'],
  [{ all: true, filters: ['volume=vol'] }, 'three'],
  [{ all: true, filters: ['before=three'] }, 'two one'],
  [{ filters: ['before=three'] }, 'one'],
  [{ all: true, filters: ['since=one'] }, 'three two'],
  [{ all: true, filters: ['network=host'] }, 'three'],
  [{ all: true, filters: ['health=none'] }, 'three two one'],
  [{ all: true, filters: ['publish=80'] }, ''],
])('ps %o', async ({ all = false, ...query }, names) => {
  const rows = await listContainers(session(), { all, ...query })
  expect(rows.map(({ name }) => name).join(' ')).toBe(names)
})

test.each(['foo=1', 'status=bad', 'exited=x', 'name', 'publish=http'])(
  '%s is refused',
  async (filter) => {
    const listed = listContainers(session(), { all: true, filters: [filter] })
    await expect(listed).rejects.toMatchObject({ code: 'USAGE', hint: expect.any(String) })
  },
)

test('before a container that there is not', async () => {
  const listed = listContainers(session(), { all: true, filters: ['before=nothere'] })
  await expect(listed).rejects.toMatchObject({ code: 'CONTAINER_NOT_FOUND' })
})

test('logs: the last lines, those of a time, and each with its own', async () => {
  const write = 'for n in 1 2 3; do echo $n; done; printf end >&2'
  await jettison.ok(['run', '--network', 'none', '--name', 'log', 'app:1', 'sh', '-c', write])
  const logs = async (...flags: readonly string[]): Promise<string> =>
    (await jettison.ok(['logs', ...flags, 'log'])).trim().replaceAll('\n', ' ')
  expect(await logs()).toBe('1 2 3')
  expect(await logs('--tail', '2')).toBe('3')
  expect(await logs('-n', '9')).toBe('1 2 3')
  expect(await logs('--tail', '0', '-f')).toBe('')
  expect(await logs('--since', '1h', '--until', '1m')).toBe('')
  expect(await logs('--since', '1h')).toBe('1 2 3')
  const times = (await logs('-t')).split(' ')
  expect(times.filter((_, at) => at % 2 === 1)).toEqual(['1', '2', '3'])
  expect(times.filter((_, at) => at % 2 === 0).every((time) => Date.parse(time) > 0)).toBe(true)
  await jettison.ok(['rm', 'log'])
})

test('volumes: those that a container mounts, by name, as JSON, and removed', async () => {
  const names = async (...flags: readonly string[]): Promise<string> =>
    (await jettison.ok(['volume', 'ls', '--format', '{{.Name}}', ...flags])).trim()
  await jettison.ok(['volume', 'create', 'free'])
  expect(await names('-f', 'dangling=true')).toBe('free')
  expect(await names('-f', 'name=vo')).toBe('vol')
  expect((await jettison.run(['volume', 'ls', '-f', 'foo=1'])).code).toBe(2)
  const { code, stdout } = await jettison.run(['volume', 'inspect', 'free', 'nope'])
  expect(code).toBe(1)
  expect(JSON.parse(stdout)).toMatchObject([{ Name: 'free', Driver: 'local' }])
  await jettison.ok(['volume', 'rm', '-f', 'free', 'nope'])
  expect((await jettison.run(['volume', 'rm', 'free'])).code).toBe(1)
})

test("a row has Docker's placeholders", async () => {
  const format = ['--format', '{{json .}}', '-a', '--filter', 'name=two']
  expect(JSON.parse(await jettison.ok(['ps', ...format]))).toMatchObject({
    ...{ Command: `"sh -c 'echo x > /ne…"`, Image: 'app:1', Labels: 'tier=db', LocalVolumes: '1' },
    ...{ Names: 'two', Networks: 'none', Ports: '', State: 'exited' },
    ...{
      Size: expect.stringMatching(/^2B \(virtual /),
      Status: expect.stringMatching(/^Exited \(3\)/),
    },
  })
  const table = 'table {{.Names}}\\t{{.Label "tier"}}\\t{{.RunningFor}}'
  const [head, ...rows] = (await jettison.ok(['ps', '-a', '--format', table])).split('\n')
  expect(head).toMatch(/^NAMES +tier +CREATED$/)
  expect(rows.map((row) => row.split(/ {2,}/)[1])).toEqual(['image', 'db', 'web', undefined])
})
