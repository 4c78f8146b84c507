import { mkdtempSync, readdirSync, readFileSync } from 'node:fs'
import { createConnection, createServer, type Server, type Socket } from 'node:net'
import { join } from 'node:path'
import { buildSync } from 'esbuild'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { appImage, perlServer } from '../../../../test/support/app-image.ts'
import { type Minbase, minbaseStore } from '../../../../test/support/minbase.ts'
import type { StoredImage } from '../../../build/index.ts'
import { createEmbeddedEngine } from '../engine.ts'
import type { SandboxIo } from '../sandbox/index.ts'
import type { ContainerInfo, Containers, RunOptions } from './index.ts'

let world: Minbase
let containers: Containers
let image: StoredImage
let bundle: string

beforeAll(async () => {
  world = minbaseStore()
  bundle = mkdtempSync(join(world.store.root, '..', 'monitor-'))
  const outfile = join(bundle, 'monitor.mjs')
  buildSync({
    entryPoints: [
      join(import.meta.dirname, '..', '..', '..', '..', 'test', 'support', 'monitor.ts'),
    ],
    bundle: true,
    platform: 'node',
    format: 'esm',
    outfile,
    external: ['koffi'],
    logLevel: 'silent',
  })
  const monitorCommand = [process.execPath, outfile, world.store.root]
  containers = createEmbeddedEngine({ store: world.store, monitorCommand }).containers
  image = await appImage(world, {
    Entrypoint: ['perl', '-e', perlServer],
    Cmd: ['0.0.0.0', '5000'],
    WorkingDir: '/srv',
    StopSignal: 'SIGTERM',
  })
})

afterAll(async () => {
  for (const { spec } of containers.list()) await containers.remove(spec.id, { force: true })
  world.remove()
})

const silent: SandboxIo = { stdin: 'ignore', output: () => {} }

function options(over: Partial<RunOptions> = {}): RunOptions {
  return {
    image,
    reference: 'app:test',
    publish: [{ ip: '127.0.0.1', hostPort: 0, containerPort: 5000 }],
    ...over,
  }
}

async function until(done: () => boolean): Promise<void> {
  while (!done()) await new Promise((resolve) => setTimeout(resolve, 10))
}

async function logText(name: string): Promise<string> {
  const chunks: Uint8Array[] = []
  for await (const { bytes } of containers.logs(name, { follow: false })) chunks.push(bytes)
  return Buffer.concat(chunks).toString()
}

async function untilLog(name: string, text: string): Promise<void> {
  while (!(await logText(name)).includes(text))
    await new Promise((resolve) => setTimeout(resolve, 10))
}

function hostPort(name: string): number {
  const { state } = containers.inspect(name)
  return state.status === 'running' ? (state.ports[0]?.hostPort ?? 0) : 0
}

/** Sends `text`, ends, and gives everything that came back, or the errno. */
function talk(port: number, text: string): Promise<string> {
  return new Promise((resolve) => {
    const socket: Socket = createConnection({ host: '127.0.0.1', port })
    const chunks: Buffer[] = []
    socket.on('data', (bytes) => chunks.push(bytes))
    socket.on('error', (error) => resolve((error as NodeJS.ErrnoException).code ?? ''))
    socket.on('end', () => resolve(Buffer.concat(chunks).toString()))
    socket.write(text)
  })
}

const get = (path: string): string => `GET ${path} HTTP/1.0\r\n\r\n`

test('a container in the foreground: published port, output, exit code, record', async () => {
  const output: string[] = []
  const owned = await containers.run(options({ name: 'front' }), {
    stdin: 'ignore',
    output: (stream, bytes) => output.push(`${stream} ${Buffer.from(bytes)}`),
  })
  await untilLog('front', 'listening')
  expect(await talk(hostPort('front'), get('/health'))).toContain('you said: GET /health')
  const many = await Promise.all(
    Array.from({ length: 20 }, (_, at) => talk(hostPort('front'), get(`/${at}`))),
  )
  for (const [at, answer] of many.entries()) expect(answer).toContain(`GET /${at} HTTP`)
  expect((await talk(hostPort('front'), get('/big'))).length).toBeGreaterThan(3_000_000)
  expect(containers.list().map(({ spec, state }) => [spec.name, state.status])).toEqual([
    ['front', 'running'],
  ])
  owned.kill(15)
  expect(await owned.ended).toEqual({ exitCode: 3, signal: null })
  expect(output.join('')).toBe('stdout listening\nstdout bye\n')
  expect(containers.inspect('front').state).toMatchObject({ status: 'exited', exitCode: 3 })
  expect(await logText('front')).toBe('listening\nbye\n')
  await containers.remove('front', { force: false })
  expect(() => containers.inspect('front')).toThrow('no such container')
})

test('a port that reaches nobody resets, as does one whose app listens on loopback', async () => {
  const owned = await containers.run(
    options({ name: 'inner', command: ['127.0.0.1', '5000'], removeOnExit: true }),
    silent,
  )
  await untilLog('inner', 'listening')
  expect(await talk(hostPort('inner'), get('/'))).toBe('ECONNRESET')
  owned.kill(9)
  expect(await owned.ended).toEqual({ exitCode: 137, signal: 'SIGKILL' })
  expect(containers.list()).toEqual([])
})

test('a port in use is said before anything runs, and a taken name too', async () => {
  const server: Server = createServer().listen(0, '127.0.0.1')
  await new Promise((resolve) => server.once('listening', resolve))
  const address = server.address()
  const port = typeof address === 'object' && address ? address.port : 0
  const publish = [{ ip: '127.0.0.1', hostPort: port, containerPort: 5000 }]
  await expect(containers.run(options({ name: 'late', publish }), silent)).rejects.toMatchObject({
    code: 'PORT_IN_USE',
  })
  server.close()
  expect(containers.inspect('late').state).toMatchObject({
    status: 'exited',
    error: { code: 'PORT_IN_USE' },
  })
  await expect(containers.run(options({ name: 'late' }), silent)).rejects.toMatchObject({
    code: 'NAME_IN_USE',
  })
  await containers.remove('late', { force: false })
  await expect(containers.run(options({ name: '../late' }), silent)).rejects.toMatchObject({
    code: 'NAME_INVALID',
  })
})

test('a detached container lives in a process of its own', async () => {
  const info = await containers.runDetached(options({ name: 'back', env: ['A=1'] }))
  expect(info.state.status).toBe('running')
  await untilLog('back', 'listening')
  expect(await talk(hostPort('back'), get('/x'))).toContain('GET /x')
  const out: string[] = []
  const done = await containers.exec(
    info.spec.id.slice(0, 12),
    {
      argv: ['sh', '-c', 'echo $A $B; id -un; pwd; cat /etc/hostname'],
      env: ['A=2', 'B=3'],
      user: 'www-data',
      workdir: '/tmp',
    },
    { stdin: 'ignore', output: (_, bytes) => out.push(Buffer.from(bytes).toString()) },
  )
  expect(done.exitCode).toBe(0)
  expect(out.join('')).toBe(`2 3\nwww-data\n/tmp\n${info.spec.id.slice(0, 12)}\n`)
  const followed: string[] = []
  const following = (async () => {
    for await (const { bytes } of containers.logs('back', { follow: true }))
      followed.push(Buffer.from(bytes).toString())
  })()
  await expect(containers.remove('back', { force: false })).rejects.toMatchObject({
    code: 'CONTAINER_RUNNING',
  })
  await containers.stop('back')
  await following
  expect(followed.join('')).toBe('listening\nbye\n')
  expect(containers.inspect('back').state).toMatchObject({ status: 'exited', exitCode: 3 })
  await containers.stop('back')
  await containers.remove('back', { force: false })
})

test('an exec that leaves a daemon behind returns, and the daemon ends with the container', async () => {
  const owned = await containers.run(options({ name: 'host', removeOnExit: true }), silent)
  const out: string[] = []
  const exit = await containers.exec(
    'host',
    { argv: ['sh', '-c', 'setsid sleep 1000 & echo back'] },
    {
      stdin: 'ignore',
      output: (_, bytes) => out.push(Buffer.from(bytes).toString()),
    },
  )
  expect([exit.exitCode, out.join('')]).toEqual([0, 'back\n'])
  owned.kill(9)
  await owned.ended
  await until(() => !sleepers().includes('sleep 1000'))
})

test('stop kills what does not listen; a killed owner takes its container along', async () => {
  const command = ['trap "" TERM; echo ready; while :; do sleep 1; done']
  const stubborn = options({ name: 'stubborn', entrypoint: ['sh', '-c'], command, publish: [] })
  await containers.runDetached(stubborn)
  await untilLog('stubborn', 'ready')
  await containers.stop('stubborn', { timeoutS: 0 })
  expect(containers.inspect('stubborn').state).toMatchObject({ exitCode: 137, signal: 'SIGKILL' })
  await containers.remove('stubborn', { force: false })
  const again = await containers.runDetached(stubborn)
  await untilLog('stubborn', 'ready')
  if (again.state.status !== 'running') throw new Error('not running')
  process.kill(again.state.owner.pid, 'SIGKILL')
  const killed = Date.now()
  const seen = (): ContainerInfo['state'] => containers.inspect('stubborn').state
  await until(() => seen().status === 'exited')
  const found = Date.now()
  const { state } = containers.inspect('stubborn')
  const ended = state.status === 'exited' ? Date.parse(state.finished) : 0
  expect([killed <= ended, ended <= found]).toEqual([true, true])
  expect(seen()).toEqual(state)
  expect(() =>
    process.kill(again.state.status === 'running' ? again.state.process.pid : 0, 0),
  ).toThrow('ESRCH')
  expect(containers.list().map(({ spec }) => spec.name)).toContain('stubborn')
  const passing = await containers.runDetached({
    ...stubborn,
    name: 'passing',
    removeOnExit: true,
  })
  if (passing.state.status !== 'running') throw new Error('not running')
  process.kill(passing.state.owner.pid, 'SIGKILL')
  await until(() => !containers.list().some(({ spec }) => spec.name === 'passing'))
  expect(readdirSync(join(world.store.root, 'containers'))).not.toContain(passing.spec.id)
})

test('what cannot start says so, detached as well', async () => {
  const missing = options({ entrypoint: ['nope'], removeOnExit: true })
  const owned = await containers.run(missing, silent)
  expect(await owned.ended).toEqual({ exitCode: 127, signal: null })
  await expect(
    containers.runDetached({ ...missing, removeOnExit: false, name: 'gone' }),
  ).rejects.toThrow('executable file not found')
  expect(containers.inspect('gone').state).toMatchObject({ exitCode: 127 })
  expect(await logText('gone')).toContain('executable file not found')
})

test('what a container wrote stays until it is removed, and never reaches the image', async () => {
  const owned = await containers.run(
    options({ name: 'writer', entrypoint: ['sh', '-c'], command: ['echo x > /written'] }),
    silent,
  )
  expect((await owned.ended).exitCode).toBe(0)
  expect(
    readFileSync(join(world.store.root, 'containers', owned.id, 'upper', 'written'), 'utf8'),
  ).toBe('x\n')
  expect(world.store.tree(image.layers).lookup('/written')).toBeUndefined()
  await containers.remove('writer', { force: false })
  expect(readdirSync(join(world.store.root, 'containers'))).not.toContain(owned.id)
})

function sleepers(): string {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map((pid) => {
      try {
        return readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ')
      } catch {
        return ''
      }
    })
    .join('\n')
}
