import { afterAll, beforeAll, expect, test } from 'vitest'
import { appImage } from '../support/app-image.ts'
import { bundleChanges } from '../support/bases.ts'
import { until } from '../support/container-world.ts'
import { type Cli, cliOn } from '../support/jettison.ts'
import { type Minbase, minbaseStore } from '../support/minbase.ts'
import { openTerminal } from '../support/terminal.ts'

let world: Minbase
let jettison: Cli

beforeAll(async () => {
  bundleChanges()
  world = minbaseStore()
  jettison = cliOn(world.store.root)
  const image = await appImage(world, {
    Cmd: ['sleep', '1000'],
    Volumes: { '/var/data': {} },
    Healthcheck: { Test: ['CMD', 'test', '-e', '/well'], Interval: 30e6, Retries: 1 },
  })
  world.store.tag('app:1', image.id)
})

afterAll(async () => {
  const ids = (await jettison.ok(['ps', '-aq'])).split('\n').filter(Boolean)
  if (ids.length > 0) await jettison.ok(['rm', '-f', ...ids])
  world.remove()
})

test("exit codes are Docker's", async () => {
  const code = async (...args: readonly string[]): Promise<number> =>
    (await jettison.run(['run', '--rm', '--network', 'none', ...args])).code
  expect(await code('app:1', 'sh', '-c', 'exit 9')).toBe(9)
  expect(await code('--init', 'app:1', 'sh', '-c', 'kill -9 $$')).toBe(137)
  expect(await code('app:1', 'nope')).toBe(127)
  expect(await code('app:1', '/etc/passwd')).toBe(126)
  for (const refused of [
    ['--privileged'],
    ['--restart', 'always'],
    ['-v', '/a:b'],
    ['--pull', 'x'],
  ])
    expect(await code(...refused, 'app:1')).toBe(125)
  expect(await code('--pull', 'never', 'none:1')).toBe(125)
})

test('a day of a container: health in ps and inspect, volumes, restart, rename, wait, prune', async () => {
  const flags = ['-d', '--name', 'day', '--network', 'none', '-v', 'kept:/kept', '--init']
  const id = (await jettison.ok(['run', ...flags, 'app:1'])).trim()
  await until(async () => (await jettison.ok(['ps'])).includes('(unhealthy)'))
  await jettison.ok(['exec', 'day', 'touch', '/well', '/kept/file'])
  await until(async () => (await jettison.ok(['ps'])).includes('(healthy)'))
  const [found] = JSON.parse(await jettison.ok(['inspect', 'day']))
  expect(found).toMatchObject({ Id: id, Name: '/day', State: { Running: true } })
  expect(found.State.Health).toMatchObject({ Status: 'healthy', FailingStreak: 0 })
  expect(found.Mounts).toMatchObject([
    { Type: 'volume', Name: 'kept', Destination: '/kept', RW: true },
    { Type: 'volume', Destination: '/var/data' },
  ])
  await jettison.ok(['restart', '-t', '0', 'day'])
  expect(await jettison.ok(['exec', 'day', 'ls', '/well', '/kept'])).toContain('file')
  await jettison.ok(['rename', 'day', 'night'])
  const waiting = jettison.ok(['wait', 'night'])
  await jettison.ok(['stop', 'night'])
  expect(await waiting).toBe('143\n')
  expect((await jettison.run(['volume', 'rm', 'kept'])).stderr).toContain('VOLUME_IN_USE')
  expect(await jettison.ok(['system', 'df'])).toMatch(/^Containers +1 +0/m)
  expect(await jettison.ok(['container', 'prune', '-f'])).toBe(`${id}\n`)
  expect(await jettison.ok(['volume', 'ls', '-q'])).toBe('kept\n')
  await jettison.ok(['system', 'prune', '-f', '--volumes'])
  expect(await jettison.ok(['volume', 'ls', '-q'])).toBe('')
  expect(await jettison.ok(['images', '-q'])).not.toBe('')
  expect(await jettison.ok(['fsck'])).toBeDefined()
})

test('run -it and exec -it on a terminal, and what is no terminal', async () => {
  const { store } = jettison
  const it = `JETTISON_HOME=${store} ${process.cwd()}/bin/jettison`
  const terminal = openTerminal(
    `stty -g; ${it} run --rm -it --network none --name shell app:1 sh -c 'tty; stty size; read line; echo got $line; exit 3'; echo code=$?; stty -g`,
  )
  await terminal.shows(/\/dev\/pts\/0/)
  const beside = openTerminal(`${it} exec -it shell sh -c 'tty; read line; exit $line'`)
  await beside.shows(/\/dev\/pts\/1/)
  beside.type('6\n')
  expect(await beside.ended).toBe(6)
  terminal.type('words\n')
  await terminal.shows(/got words\s+code=3/)
  await terminal.ended
  const [before, after] = terminal.screen().match(/^[0-9a-f]+(?::[0-9a-f]+)+/gm) ?? []
  expect(before).toMatch(/:/)
  expect(after).toBe(before)
  const refused = await jettison.run(['run', '--rm', '-it', 'app:1', 'true'])
  expect([refused.code, refused.stderr]).toEqual([125, expect.stringContaining('not a TTY')])
})

test('an image that a container was made from stays until the container is gone', async () => {
  await jettison.ok(['tag', 'app:1', 'app:used'])
  const sealed = await jettison.run(['run', '--name', 'user', '--network', 'none', 'app:1', 'true'])
  expect(sealed.code).toBe(0)
  await jettison.ok(['rmi', 'app:used'])
  const refused = await jettison.run(['rmi', 'app:1'])
  expect(refused.code).toBe(1)
  expect(refused.stderr).toContain('IMAGE_IN_USE')
  await jettison.ok(['rmi', '--force', 'app:1'])
  await jettison.ok(['prune', '--all'])
  await jettison.ok(['start', 'user'])
  expect((await jettison.ok(['wait', 'user'])).trim()).toBe('0')
  await jettison.ok(['rm', 'user'])
  await jettison.ok(['prune', '--all'])
  expect((await jettison.run(['run', '--rm', 'app:1'])).code).toBe(125)
})
