import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { appImage, perlServer, subjectOf } from '../../../test/support/app-image.ts'
import { type Minbase, minbaseStore } from '../../../test/support/minbase.ts'
import { ourMounts } from '../../../test/support/mounts.ts'
import type { RunningContainer, Subject } from '../../proof/index.ts'
import { createEmbeddedEngine, type EmbeddedEngine } from './engine.ts'

let world: Minbase
let engine: EmbeddedEngine
let app: Subject
let mounts: readonly string[]

beforeAll(async () => {
  world = minbaseStore()
  engine = createEmbeddedEngine({ store: world.store })
  const image = await appImage(world, {
    Entrypoint: ['perl', '-e', perlServer],
    Cmd: ['0.0.0.0', '5000'],
    Env: ['GREETING=hello'],
    WorkingDir: '/srv/app',
  })
  app = subjectOf(world, image, 'app')
  mounts = ourMounts()
})

afterAll(() => {
  world.remove()
})

async function untilListening(container: RunningContainer): Promise<readonly number[]> {
  for (;;) {
    const ports = await container.listening()
    if (ports.length > 0 || container.ended()) return ports
    await new Promise((resolve) => setTimeout(resolve, 10))
  }
}

function body(answer: Awaited<ReturnType<RunningContainer['request']>>): string {
  return answer.kind === 'answer' ? Buffer.from(answer.body).toString() : answer.reason
}

test('both sides of a proof answer on the same port at the same time', async () => {
  const [one, two] = await Promise.all([
    engine.proofRunner.start(app, {}),
    engine.proofRunner.start(app, { command: ['0.0.0.0', '5000'] }),
  ])
  expect(await Promise.all([one, two].map(untilListening))).toEqual([[5000], [5000]])
  const ask = { port: 5000, method: 'GET', timeoutMs: 60_000 }
  const answers = await Promise.all([
    one.request({ ...ask, path: '/one' }),
    two.request({ ...ask, path: '/two', method: 'POST', body: 'more' }),
  ])
  expect(answers.map(body)).toEqual([
    'you said: GET /one HTTP/1.1\r\n',
    'you said: POST /two HTTP/1.1\r\nmore',
  ])
  expect(answers[0]).toMatchObject({ status: 200, headers: { 'x-test': 'yes' } })
  const big = await one.request({ ...ask, path: '/big' })
  expect(body(big).length).toBe(3_000_000)
  expect(await one.request({ ...ask, path: '/', port: 5001 })).toEqual({
    kind: 'none',
    reason: 'ECONNREFUSED',
  })
  expect(await one.request({ ...ask, path: '/slow', timeoutMs: 300 })).toEqual({
    kind: 'none',
    reason: 'TIMEOUT',
  })
  const stops = await Promise.all(
    [one, two].map((side) => side.stop({ signal: 'SIGTERM', graceMs: 60_000 })),
  )
  expect(two.logs()).toBe('listening\nbye\n')
  expect(stops[1]).toMatchObject({ exitCode: 3, signal: null, killed: false })
})

test('a command beside the app has its namespaces, environment and limits', async () => {
  const container = await engine.proofRunner.start(app, { env: ['EXTRA=1'] })
  await untilListening(container)
  const script =
    'echo $GREETING $EXTRA $PWD $HOME; head -c4 /proc/1/cmdline; echo; grep -E "^(CapEff|Seccomp:)" /proc/self/status; ls /proc/self/fd | wc -l; echo err >&2; exit 4'
  const done = await container.exec(['sh', '-c', script])
  expect(done).toEqual({
    exitCode: 4,
    stdout: 'hello 1 /srv/app /root\nperl\nCapEff:\t00000000a80425fb\nSeccomp:\t2\n4\n',
    stderr: 'err\n',
  })
  expect(await container.exec(['nothing-like-it'])).toMatchObject({ exitCode: 127 })
  const late = await container.exec(['sh', '-c', 'echo begun; sleep 100'], { timeoutMs: 300 })
  expect(late).toMatchObject({ exitCode: 124, stdout: 'begun\n' })
  expect((await container.exec(['ls', '/proc'])).stdout).not.toMatch(/sleep/)
  // PID 1 of a namespace does not die of a signal that it does not handle, with Docker neither.
  const stopped = await container.stop({ signal: 'SIGUSR1', graceMs: 100 })
  expect(stopped).toMatchObject({ exitCode: 137, signal: 'SIGKILL', killed: true })
})

test('an app that listens on loopback only is not listening for others', async () => {
  const container = await engine.proofRunner.start(app, { command: ['127.0.0.1', '5000'] })
  while (!container.logs().includes('listening'))
    await new Promise((resolve) => setTimeout(resolve, 10))
  expect(await container.listening()).toEqual([])
  const answer = await container.request({
    port: 5000,
    method: 'GET',
    path: '/',
    timeoutMs: 60_000,
  })
  expect(answer).toEqual({ kind: 'none', reason: 'ECONNREFUSED' })
  await container.stop({ signal: 'SIGTERM', graceMs: 60_000 })
})

test('a low port needs no privilege, as with Docker', async () => {
  const container = await engine.proofRunner.start(app, {
    command: ['0.0.0.0', '80'],
    user: 'www-data',
  })
  expect(await untilListening(container)).toEqual([80])
  await container.stop({ signal: 'SIGTERM', graceMs: 60_000 })
})

test('an app that ignores the signal is killed', async () => {
  const container = await engine.proofRunner.start(app, {
    entrypoint: ['sh', '-c', 'trap "" TERM; echo ready; while :; do sleep 1; done'],
    command: [],
  })
  while (!container.logs().includes('ready'))
    await new Promise((resolve) => setTimeout(resolve, 10))
  const stopped = await container.stop({ signal: 'SIGTERM', graceMs: 100 })
  expect(stopped).toMatchObject({ exitCode: 137, signal: 'SIGKILL', killed: true })
  expect(container.ended()).toMatchObject({ exitCode: 137 })
  await expect(container.exec(['true'])).rejects.toThrow('has ended')
})

test('run gives both streams; what cannot start says why; an abort ends it', async () => {
  const entrypoint = ['sh', '-c']
  const ran = await engine.proofRunner.run(app, {
    entrypoint,
    command: ['echo out; echo err >&2; exit 5'],
    timeoutMs: 60_000,
  })
  expect(ran).toEqual({ exitCode: 5, stdout: 'out\n', stderr: 'err\n' })
  const slow = await engine.proofRunner.run(app, {
    entrypoint,
    command: ['sleep 100'],
    timeoutMs: 200,
  })
  expect(slow.exitCode).toBe(124)
  await expect(engine.proofRunner.start(app, { entrypoint: ['nope'] })).rejects.toThrow(
    'exec: "nope": executable file not found in $PATH',
  )
  await expect(engine.proofRunner.start(app, { user: 'nobody-here' })).rejects.toThrow(
    'unable to find user',
  )
  const controller = new AbortController()
  const container = await engine.proofRunner.start(app, {}, controller.signal)
  controller.abort(new Error('enough'))
  while (!container.ended()) await new Promise((resolve) => setTimeout(resolve, 5))
  expect(container.ended()).toMatchObject({ exitCode: 137 })
})

test('a container without some paths of the image lacks just these, and its directories keep their rights', async () => {
  const command = [
    '-c',
    'ls -d /etc/shells /etc/passwd /usr/share /usr/share/doc; stat -c %a%u%g /etc',
  ]
  const options = { entrypoint: ['/bin/sh'], command, timeoutMs: 60_000 }
  const whole = await engine.proofRunner.run(app, options)
  const less = await engine.proofRunner.run(app, {
    ...options,
    without: ['/etc/shells', '/usr/share/doc', '/no/such/path'],
  })
  expect(whole.stdout).toContain('/etc/shells')
  expect(less.stdout).toBe(
    whole.stdout
      .split('\n')
      .filter((line) => !['/etc/shells', '/usr/share/doc'].includes(line))
      .join('\n'),
  )
})

test('nothing is left behind', () => {
  expect(readdirSync(join(world.store.root, 'work'))).toEqual([])
  expect(ourMounts()).toEqual(mounts)
  const children = readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .flatMap((pid) => {
      try {
        const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
        const [state, parent] = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
        return Number(parent) === process.pid && state !== 'Z' ? [stat] : []
      } catch {
        return []
      }
    })
  expect(children.filter((stat) => stat.includes('perl') || stat.includes('jettison'))).toEqual([])
})
