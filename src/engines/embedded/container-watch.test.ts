import { afterAll, beforeAll, expect, test } from 'vitest'
import { appImage, perlServer, subjectOf } from '../../../test/support/app-image.ts'
import { type Minbase, minbaseStore } from '../../../test/support/minbase.ts'
import type { ContainerRunner, OpenedFiles, RunningContainer, Subject } from '../../proof/index.ts'
import { createEmbeddedEngine } from './engine.ts'

let world: Minbase
let runner: ContainerRunner
let subject: Subject

beforeAll(async () => {
  world = minbaseStore()
  runner = createEmbeddedEngine({ store: world.store }).proofRunner
  const image = await appImage(world, { Env: ['PATH=/usr/bin:/bin'] })
  subject = subjectOf(world, image, 'app')
})

afterAll(() => world.remove())

/** Opened and executed paths of a command that runs to its end. */
async function traced(script: string): Promise<OpenedFiles> {
  const container = await runner.start(subject, {
    entrypoint: ['/bin/sh', '-c', script],
    trace: true,
  })
  await until(() => container.ended() !== undefined)
  if (!container.opened) throw new Error('no trace')
  return container.opened()
}

async function until(done: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await done())) await new Promise((resolve) => setTimeout(resolve, 20))
}

test('what the app and its children open and execute is seen, links resolved, and nothing else', async () => {
  const seen = await traced(
    'read x < /etc/debian_version; (exec env cat /etc/os-release) > /dev/null',
  )
  if ('reason' in seen) throw new Error(seen.reason)
  expect(seen.files.get('/etc/debian_version')).toBe('opened')
  expect(seen.files.get('/usr/lib/os-release')).toBe('opened')
  for (const program of ['/usr/bin/dash', '/usr/bin/env', '/usr/bin/cat'])
    expect(seen.files.get(program)).toBe('executed')
  expect([...seen.files.keys()].some((path) => path.endsWith('/libc.so.6'))).toBe(true)
  expect([...seen.files.keys()].filter((path) => /perl|passwd|^\/(?:proc|dev)/.test(path))).toEqual(
    [],
  )
})

test('thousands of files in a moment are all seen', async () => {
  const seen = await traced(
    'for d in /usr/lib /usr/share /etc; do find $d -type f -exec cat {} + > /dev/null; done',
  )
  if ('reason' in seen) throw new Error(seen.reason)
  const wanted = [...subject.tree.walk()].filter(
    ({ kind, path }) => kind === 'file' && /^\/(?:usr\/lib|usr\/share|etc)\//.test(path),
  )
  // The engine's own files are mounted over these.
  const own = new Set(['/etc/hosts', '/etc/hostname', '/etc/resolv.conf'])
  expect(wanted.length).toBeGreaterThan(3000)
  expect(
    wanted.map(({ path }) => path).filter((path) => !own.has(path) && !seen.files.has(path)),
  ).toEqual([])
})

test('a command beside the app is seen as well', async () => {
  const container = await runner.start(subject, { entrypoint: ['sleep', '60'], trace: true })
  await container.exec(['cat', '/etc/issue'])
  await container.stop({ signal: 'SIGKILL', graceMs: 1 })
  const seen = await container.opened?.()
  expect(seen && 'files' in seen && seen.files.get('/etc/issue')).toBe('opened')
})

test('without trace there is nothing to ask for', async () => {
  const container = await runner.start(subject, { entrypoint: ['true'] })
  expect(container.opened).toBeUndefined()
  await until(() => container.ended() !== undefined)
})

test('a container beside another one shares its network and reaches it by a name; others do not', async () => {
  const server = await runner.start(subject, {
    entrypoint: ['perl', '-e', perlServer, '0.0.0.0', '6379'],
  })
  await until(async () => (await server.listening()).includes(6379))
  const ask = `use IO::Socket::INET; my $s = IO::Socket::INET->new("redis:6379") or do { print "no way"; exit 0 };
    print $s "GET /x HTTP/1.0\\r\\n\\r\\n"; print while <$s>`
  const options = { entrypoint: ['perl', '-e', ask], hosts: ['redis'] }
  const said = async (beside?: RunningContainer): Promise<string> => {
    const app = await runner.start(subject, { ...options, ...(beside ? { beside } : {}) })
    await until(() => app.ended() !== undefined)
    return app.logs()
  }
  expect(await said(server)).toContain('you said: GET /x')
  expect(await said()).toBe('no way')
  await server.stop({ signal: 'SIGKILL', graceMs: 1 })
  await expect(said(server)).rejects.toMatchObject({ code: 'CONTAINER_ENDED' })
})

test('with a launcher that does not wait for the tracer the container runs, and the reason is told', async () => {
  const isolation = 'util-linux'
  const other = createEmbeddedEngine({ store: world.store, isolation }).proofRunner
  const container = await other.start(subject, { entrypoint: ['cat', '/etc/issue'], trace: true })
  await until(() => container.ended() !== undefined)
  expect(container.ended()?.exitCode).toBe(0)
  expect(await container.opened?.()).toEqual({
    reason: 'containers are started with util-linux, which does not wait for a tracer',
  })
})

test('util-linux joins the network of another container too', async () => {
  const other = createEmbeddedEngine({ store: world.store, isolation: 'util-linux' }).proofRunner
  const server = await other.start(subject, {
    entrypoint: ['perl', '-e', perlServer, '0.0.0.0', '6379'],
  })
  await until(async () => (await server.listening()).includes(6379))
  const app = await other.start(subject, { entrypoint: ['sleep', '60'], beside: server })
  expect(await app.listening()).toContain(6379)
  await app.stop({ signal: 'SIGKILL', graceMs: 1 })
  await server.stop({ signal: 'SIGKILL', graceMs: 1 })
})
