import { mkdirSync, rmSync } from 'node:fs'
import { type EventSink, type Fault, isFault, Scope } from '../../../base/index.ts'
import type { Store } from '../../../store/index.ts'
import { type OutboundProgram, openRelay } from '../netns/index.ts'
import type { Exit, Isolation, Sandbox, SandboxIo } from '../sandbox/index.ts'
import { execInside } from './exec.ts'
import { type Checked, checkCommand, watchHealth } from './health.ts'
import { identify, ownIdentity } from './identity.ts'
import { openLimits } from './limits.ts'
import { logWriter } from './log.ts'
import { containerNetwork, makeGate, ownAddress } from './network.ts'
import { containerSandbox } from './plan.ts'
import type { Records } from './records.ts'
import type { ContainerSpec } from './types.ts'
import { prepareVolumes, removeAnonymousVolumes } from './volumes.ts'

export type Keeper = {
  readonly store: Store
  readonly isolation: Isolation
  readonly records: Records
  /** The program that connects containers with other machines, when there is one. */
  readonly outbound: () => OutboundProgram | undefined
  readonly emit: EventSink
}

/** A container whose owner is this process. */
export type OwnedContainer = {
  readonly id: string
  readonly name: string
  readonly pid: number
  /** Why the command could not be executed, else null; `ended` then gives 126 or 127. */
  readonly refusal: string | null
  readonly launcher: string
  readonly seccomp: boolean
  /** Signals PID 1. @returns false once it has ended */
  readonly kill: (signal: number) => boolean
  /** Settles when it is gone and its record says so (or is removed, with `removeOnExit`). */
  readonly ended: Promise<Exit>
}

/**
 * Starts a created container in this process: log, published ports, state. The container lives as long as we do.
 * @throws Fault of whatever keeps it from running; the record then says so
 */
export async function startContainer(
  keeper: Keeper,
  spec: ContainerSpec,
  io: SandboxIo,
): Promise<OwnedContainer> {
  const { records } = keeper
  const scope = new Scope()
  records.writeState(spec.id, { status: 'created', owner: ownIdentity() })
  try {
    return await launch(keeper, spec, io, scope)
  } catch (error) {
    await scope[Symbol.asyncDispose]()
    const { code, message } = isFault(error) ? error : internal(error)
    const finished = new Date().toISOString()
    const notRun = { status: 'exited', started: null, finished, signal: null } as const
    const failed = { ...notRun, exitCode: 128, error: { code, message } }
    records.writeState(spec.id, { ...failed, owner: ownIdentity() })
    forgetIfAsked(keeper, spec)
    throw error
  }
}

async function launch(
  keeper: Keeper,
  spec: ContainerSpec,
  io: SandboxIo,
  scope: Scope,
): Promise<OwnedContainer> {
  const { records, isolation } = keeper
  const folder = records.folder(spec.id)
  const log = scope.add(logWriter(folder.log), (writer) => writer.close())
  const published = spec.network === 'own' ? spec.publish : []
  const relay = scope.add(await openRelay(published, ownAddress), (open) => open.close())
  // What a killed owner left behind of an earlier run.
  rmSync(folder.run, { recursive: true, force: true })
  mkdirSync(folder.run)
  scope.add(folder.run, (dir) => rmSync(dir, { recursive: true, force: true }))
  const { sandbox, attach } = await prepare(keeper, spec, scope)
  const output = teeOutput(io, log.write)
  const running = await isolation.start(sandbox, { ...io, output, attach })
  const started = new Date().toISOString()
  const { launcher, refusal } = running
  if (refusal !== null) output('stderr', Buffer.from(`${refusal}\n`))
  const process = identify(running.pid)
  const runs = refusal === null && process !== undefined
  if (runs) {
    relay.attach(running.pid)
    const { name, seccomp } = launcher
    const { ports } = relay
    records.writeState(spec.id, {
      status: 'running',
      process,
      owner: ownIdentity(),
      started,
      ports,
      launcher: name,
      seccomp,
    })
    superviseHealth(keeper, spec, running.pid, scope)
  }
  return {
    id: spec.id,
    name: spec.name,
    pid: running.pid,
    refusal,
    launcher: launcher.name,
    seccomp: launcher.seccomp,
    kill: running.kill,
    ended: finish(keeper, spec, running.ended, refusal, started, scope),
  }
}

/** The sandbox of a container, and what is done from outside while its PID 1 waits. */
async function prepare(
  { store, records, outbound, emit }: Keeper,
  spec: ContainerSpec,
  scope: Scope,
): Promise<{ readonly sandbox: Sandbox; readonly attach: SandboxIo['attach'] }> {
  const folder = records.folder(spec.id)
  const volumes = await prepareVolumes(store, spec)
  const connection = containerNetwork(spec.network, outbound(), scope, emit)
  const limits = scope.add(openLimits(spec.id, spec.limits), (group) => group.close())
  for (const what of limits.refused) emit(limitNotice(what))
  const waits = connection.resolver !== null || limits.used
  const gate = waits ? makeGate(folder.run, scope) : undefined
  const { argv, env, cwd, user, hostname, addHosts, terminal } = spec
  const { capabilities, init, readOnly, shmSize, ulimits, dns } = spec
  const sandbox = containerSandbox({
    ...{ store, layers: spec.layers, command: { argv, env, cwd, user }, hostname, addHosts },
    ...{ terminal, volumes, capabilities, init, readOnly, shmSize, ulimits, dns },
    network: connection.network,
    resolver: connection.resolver,
    gate: gate?.path,
    dir: folder.run,
    upper: { upper: folder.upper, work: folder.work, kept: !spec.removeOnExit },
  })
  const attach = async (pid: number): Promise<void> => {
    try {
      for (const what of limits.enter(pid)) emit(limitNotice(what))
      await connection.open(pid)
    } finally {
      gate?.open()
    }
  }
  return { sandbox, attach: gate && ((pid) => void attach(pid)) }
}

function limitNotice(what: string): Parameters<EventSink>[0] {
  const message = `not limited: ${what}`
  return { kind: 'notice', level: 'warning', code: 'LIMIT_NOT_APPLIED', message }
}

/** Checks the container until it ends; the end waits for the check that is under way. */
function superviseHealth(
  { store, records }: Keeper,
  spec: ContainerSpec,
  pid: number,
  scope: Scope,
): void {
  const check = spec.healthcheck
  const argv = checkCommand(check, spec.shell ?? undefined)
  if (!check || !argv) return
  const ended = new AbortController()
  const watching = watchHealth(argv, {
    check,
    started: Date.now(),
    signal: ended.signal,
    write: (health) => records.writeHealth(spec.id, health),
    run: (words, signal) => checkInside(store, spec, { pid, argv: words }, signal),
  })
  scope.add(watching, (done) => {
    ended.abort()
    return done
  })
}

async function checkInside(
  store: Store,
  { env, cwd, user, capabilities }: ContainerSpec,
  { pid, argv }: { readonly pid: number; readonly argv: readonly string[] },
  signal: AbortSignal,
): Promise<Checked> {
  const chunks: Uint8Array[] = []
  const process = { argv, env, cwd, user, capabilities, terminal: false }
  const io: SandboxIo = { stdin: 'ignore', output: (_, bytes) => chunks.push(bytes), signal }
  const { exitCode, refusal } = await execInside(store, { pid, process }, io)
  return { exitCode, output: refusal ?? Buffer.concat(chunks).toString() }
}

async function finish(
  keeper: Keeper,
  spec: ContainerSpec,
  running: Promise<Exit>,
  refusal: string | null,
  started: string,
  scope: Scope,
): Promise<Exit> {
  const exit = await running
  await scope[Symbol.asyncDispose]()
  const error = refusal === null ? null : { code: 'COMMAND_NOT_STARTED', message: refusal }
  const finished = new Date().toISOString()
  const ended = { status: 'exited', ...exit, started, finished, error } as const
  keeper.records.writeState(spec.id, { ...ended, owner: ownIdentity() })
  forgetIfAsked(keeper, spec)
  return exit
}

function forgetIfAsked({ store, records }: Keeper, spec: ContainerSpec): void {
  if (!spec.removeOnExit) return
  const info = records.read(spec.id)
  if (info) records.remove(info)
  removeAnonymousVolumes(store, spec, records.list())
}

function teeOutput(
  io: SandboxIo,
  log: (stream: 'stdout' | 'stderr', bytes: Uint8Array) => void,
): SandboxIo['output'] {
  const { output } = io
  return (stream, bytes) => {
    log(stream, bytes)
    output(stream, bytes)
  }
}

function internal(error: unknown): Pick<Fault, 'code' | 'message'> {
  return { code: 'INTERNAL', message: error instanceof Error ? error.message : String(error) }
}
