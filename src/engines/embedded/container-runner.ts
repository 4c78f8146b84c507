import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { Fault, Scope } from '../../base/index.ts'
import type {
  ContainerOptions,
  ContainerRunner,
  Ended,
  Executed,
  RunningContainer,
  Subject,
} from '../../proof/index.ts'
import type { Store } from '../../store/index.ts'
import { hidePaths } from './absent.ts'
import {
  type ContainerCommand,
  containerCommand,
  containerSandbox,
  execInside,
  ownAddress,
  signalNumber,
} from './containers/index.ts'
import { listeningPorts, requestInside } from './netns/index.ts'
import { outputBuffer } from './output-buffer.ts'
import type {
  Exit,
  Isolation,
  IsolationName,
  RunningSandbox,
  SandboxNetwork,
} from './sandbox/index.ts'
import { type Tracer, tracerFor } from './trace/index.ts'

type Engine = { readonly store: Store; readonly isolation: Isolation }
type Runner = Engine & { readonly pids: WeakMap<RunningContainer, number> }

/** Name of the machine in every container of a proof, so that it makes no difference between the two sides. */
const hostname = 'jettison-proof'

/** What `run` and `exec` answer when the time is over, as timeout(1) does. */
const timeoutExit = 124

/**
 * Containers for the proof: a network of their own, a throw-away upper directory, no record in the store. Two of them
 * can listen on the same port at the same time.
 */
export function embeddedContainerRunner({ store, isolation }: Engine): ContainerRunner {
  const runner: Runner = { store, isolation, pids: new WeakMap() }
  return {
    start: (subject, options, signal) => start(runner, subject, options, signal),
    run: (subject, options, signal) => runToEnd(runner, subject, options, signal),
  }
}

type Started = {
  readonly running: RunningSandbox
  readonly command: ContainerCommand
  readonly output: ReturnType<typeof outputBuffer>
  readonly tracer: Tracer | { readonly reason: string } | undefined
  /** Settles when the processes and the files of the container are gone. */
  readonly gone: Promise<Exit>
}

async function launch(
  { store, isolation, pids }: Runner,
  subject: Subject,
  options: ContainerOptions,
  signal: AbortSignal | undefined,
): Promise<Started> {
  const image = store.findImage(subject.id)
  if (!image) throw new Fault('IMAGE_NOT_FOUND', `no such image: ${subject.name}`)
  const scope = new Scope()
  const output = outputBuffer()
  try {
    const { dir } = scope.add(store.workspace('proof'), (made) => made.remove())
    const tree = store.tree(image.layers)
    const command = containerCommand(subject.config.config, options, {
      tree,
      hostname,
      terminal: false,
    })
    const upper = { upper: join(dir, 'upper'), work: join(dir, 'work'), kept: false }
    for (const made of [upper.upper, upper.work]) mkdirSync(made)
    hidePaths(upper.upper, tree, options.without ?? [])
    const tracer = options.trace ? tracerFor(dir) : undefined
    const watch = tracer && 'attach' in tracer ? tracer : undefined
    if (watch) scope.add(watch, (one) => one.finish().then(() => {}))
    const sandbox = containerSandbox({
      store,
      layers: image.layers,
      command,
      hostname,
      network: networkOf(options.beside, pids),
      addHosts: (options.hosts ?? []).map((name) => `${name}:${ownAddress}`),
      terminal: false,
      atRoot: watch?.atRoot,
      dir,
      upper,
    })
    const io = { stdin: 'ignore', output: output.add, attach: watch?.attach, signal } as const
    const running = await isolation.start(sandbox, io)
    const gone = running.ended.finally(() => scope[Symbol.asyncDispose]())
    if (running.refusal === null)
      return { running, command, output, tracer: usable(tracer, running.launcher.name), gone }
    await gone
    throw new Fault('CONTAINER_NOT_STARTED', running.refusal)
  } catch (error) {
    await scope[Symbol.asyncDispose]()
    throw error
  }
}

function networkOf(beside: RunningContainer | undefined, pids: Runner['pids']): SandboxNetwork {
  if (!beside) return { kind: 'own', address: ownAddress }
  const pid = pids.get(beside)
  if (pid !== undefined && !beside.ended()) return { kind: 'join', pid, address: ownAddress }
  throw new Fault('CONTAINER_ENDED', 'the container whose network was to be shared has ended')
}

/** The others do not wait for the tracer, so that what they open first would be missing. */
function usable(tracer: Started['tracer'], launcher: IsolationName): Started['tracer'] {
  if (!tracer || 'reason' in tracer || launcher === 'perl') return tracer
  return { reason: `containers are started with ${launcher}, which does not wait for a tracer` }
}

async function start(
  runner: Runner,
  subject: Subject,
  options: ContainerOptions,
  signal: AbortSignal | undefined,
): Promise<RunningContainer> {
  const { running, command, output, tracer, gone } = await launch(runner, subject, options, signal)
  let end: Ended | undefined
  const ended = gone.then((exit) => {
    end = exit
    return exit
  })
  const container: RunningContainer = {
    request: (request, abort) => requestInside(running.pid, ownAddress, request, abort),
    listening: async () => (end ? [] : listeningPorts(running.pid)),
    logs: () => output.text(),
    ended: () => end,
    exec: async (argv, limits) => {
      if (end) throw new Fault('CONTAINER_ENDED', 'the container has ended')
      const process = { ...command, argv, terminal: false }
      return execute(runner.store, { pid: running.pid, process }, limits ?? {})
    },
    stop: async ({ signal: name, graceMs }) => {
      const began = performance.now()
      running.kill(signalNumber(name))
      const killed = !(await within(ended, graceMs))
      if (killed) running.kill('SIGKILL')
      const exit = await ended
      return { ...exit, ms: performance.now() - began, killed }
    },
    ...(tracer ? { opened: async () => ('reason' in tracer ? tracer : tracer.finish()) } : {}),
  }
  runner.pids.set(container, running.pid)
  return container
}

async function execute(
  store: Store,
  inside: Parameters<typeof execInside>[1],
  limits: { readonly timeoutMs?: number; readonly signal?: AbortSignal },
): Promise<Executed> {
  const time = limits.timeoutMs === undefined ? undefined : AbortSignal.timeout(limits.timeoutMs)
  const signals = [limits.signal, time].filter((signal) => signal !== undefined)
  const out = outputBuffer()
  try {
    const { exitCode, refusal } = await execInside(store, inside, {
      stdin: 'ignore',
      output: out.add,
      ...(signals.length > 0 ? { signal: AbortSignal.any(signals) } : {}),
    })
    const stderr = refusal === null ? out.stderr() : `${out.stderr()}${refusal}\n`
    return { exitCode, stdout: out.stdout(), stderr }
  } catch (error) {
    limits.signal?.throwIfAborted()
    if (!time?.aborted) throw error
    return { exitCode: timeoutExit, stdout: out.stdout(), stderr: out.stderr() }
  }
}

async function runToEnd(
  runner: Runner,
  subject: Subject,
  options: ContainerOptions & { readonly timeoutMs: number },
  signal: AbortSignal | undefined,
): Promise<Executed> {
  const { running, output, gone } = await launch(runner, subject, options, signal)
  const inTime = await within(gone, options.timeoutMs)
  if (!inTime) running.kill('SIGKILL')
  const { exitCode } = await gone
  signal?.throwIfAborted()
  return {
    exitCode: inTime ? exitCode : timeoutExit,
    stdout: output.stdout(),
    stderr: output.stderr(),
    ...(inTime ? {} : { timedOut: true }),
  }
}

async function within(work: Promise<unknown>, ms: number): Promise<boolean> {
  const timer = new AbortController()
  try {
    const late = sleep(ms, false, { signal: timer.signal }).catch(() => false)
    return await Promise.race([work.then(() => true), late])
  } finally {
    timer.abort()
  }
}
