import { mkdirSync, rmSync } from 'node:fs'
import { type Fault, isFault, Scope } from '../../../base/index.ts'
import type { Store } from '../../../store/index.ts'
import { openRelay } from '../netns/index.ts'
import type { Exit, Isolation, SandboxIo } from '../sandbox/index.ts'
import { identify, ownIdentity } from './identity.ts'
import { logWriter } from './log.ts'
import { containerSandbox, ownAddress } from './plan.ts'
import type { Records } from './records.ts'
import type { ContainerSpec } from './types.ts'

export type Keeper = {
  readonly store: Store
  readonly isolation: Isolation
  readonly records: Records
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
    records.writeState(spec.id, { ...notRun, exitCode: 128, error: { code, message } })
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
  const { store, records, isolation } = keeper
  const folder = records.folder(spec.id)
  const log = scope.add(logWriter(folder.log), (writer) => writer.close())
  const published = spec.network === 'own' ? spec.publish : []
  const relay = scope.add(await openRelay(published, ownAddress), (open) => open.close())
  mkdirSync(folder.run)
  scope.add(folder.run, (dir) => rmSync(dir, { recursive: true, force: true }))
  const { argv, env, cwd, user } = spec
  const sandbox = containerSandbox({
    store,
    layers: spec.layers,
    command: { argv, env, cwd, user },
    hostname: spec.hostname,
    network: spec.network,
    addHosts: spec.addHosts,
    terminal: spec.terminal,
    dir: folder.run,
    upper: { upper: folder.upper, work: folder.work, kept: !spec.removeOnExit },
  })
  const output = teeOutput(io, log.write)
  const running = await isolation.start(sandbox, { ...io, output })
  const started = new Date().toISOString()
  const { launcher, refusal } = running
  if (refusal !== null) output('stderr', Buffer.from(`${refusal}\n`))
  const process = identify(running.pid)
  if (refusal === null && process) {
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
  keeper.records.writeState(spec.id, { status: 'exited', ...exit, started, finished, error })
  forgetIfAsked(keeper, spec)
  return exit
}

function forgetIfAsked({ records }: Keeper, spec: ContainerSpec): void {
  if (!spec.removeOnExit) return
  const info = records.read(spec.id)
  if (info) records.remove(info)
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
