import { Fault } from '../../../base/index.ts'
import { resolveUser } from '../../../build/index.ts'
import type { Store } from '../../../store/index.ts'
import type { Isolation, SandboxIo } from '../sandbox/index.ts'
import { mergeEnv, withHome } from './command.ts'
import { createContainer, type RunOptions } from './create.ts'
import { startDetached } from './detach.ts'
import { type ExecResult, execInside } from './exec.ts'
import {
  removeContainer,
  runningState,
  type StopOptions,
  sendSignal,
  stopContainer,
} from './lifecycle.ts'
import { type LogChunk, readLog } from './log.ts'
import { openRecords, type Records } from './records.ts'
import { signalNumber } from './signals.ts'
import { type Keeper, type OwnedContainer, startContainer } from './supervise.ts'
import type { ContainerInfo } from './types.ts'

export type ExecOptions = {
  readonly argv: readonly string[]
  /** Added to the container's environment. */
  readonly env?: readonly string[]
  readonly user?: string
  readonly workdir?: string
  /** A pseudo-terminal of its own. */
  readonly terminal?: boolean
}

/** The containers of one store. Every process sees all of them; each one has one owner process. */
export interface Containers {
  /** Runs a container owned by this process; `kill` forwards signals. */
  run(options: RunOptions, io: SandboxIo): Promise<OwnedContainer>
  /** Runs a container that survives this process. @returns once it runs (or has run) */
  runDetached(options: RunOptions, signal?: AbortSignal): Promise<ContainerInfo>
  /** The body of the monitor process: owns the container with this ID until it ends. */
  monitor(id: string): Promise<OwnedContainer>
  /** Newest first. */
  list(): readonly ContainerInfo[]
  /** @throws Fault CONTAINER_NOT_FOUND */
  inspect(nameOrId: string): ContainerInfo
  logs(
    nameOrId: string,
    options: { readonly follow: boolean; readonly signal?: AbortSignal },
  ): AsyncIterable<LogChunk>
  stop(nameOrId: string, options?: StopOptions): Promise<void>
  /** Sends any signal to PID 1. @throws Fault CONTAINER_NOT_RUNNING */
  kill(nameOrId: string, signal: string): void
  remove(
    nameOrId: string,
    options: { readonly force: boolean; readonly signal?: AbortSignal },
  ): Promise<void>
  /** @throws Fault CONTAINER_NOT_RUNNING */
  exec(
    nameOrId: string,
    options: ExecOptions,
    io: SandboxIo,
    onStart?: (kill: (signal: number) => boolean) => void,
  ): Promise<ExecResult>
}

export function openContainers(options: {
  readonly store: Store
  readonly isolation: Isolation
  /** Command line that calls `monitor` with the ID that is added to it. */
  readonly monitorCommand: readonly string[]
}): Containers {
  const records = openRecords(options.store.root)
  const keeper: Keeper = { store: options.store, isolation: options.isolation, records }
  return {
    run: async (wanted, io) =>
      startContainer(keeper, createContainer(keeper.store, records, wanted), io),
    runDetached: (wanted, signal) => runDetached(keeper, options.monitorCommand, wanted, signal),
    monitor: (id) => monitor(keeper, id),
    list: () => records.list(),
    inspect: (nameOrId) => records.find(nameOrId),
    logs: (nameOrId, { follow, signal }) => {
      const { spec } = records.find(nameOrId)
      const ended = (): boolean =>
        !follow || (records.read(spec.id)?.state.status ?? 'exited') === 'exited'
      return readLog(records.folder(spec.id).log, { ended, signal })
    },
    stop: async (nameOrId, stopping = {}) =>
      stopContainer(records, records.find(nameOrId), stopping),
    kill: (nameOrId, signal) =>
      sendSignal(runningState(records.find(nameOrId)), signalNumber(signal)),
    remove: async (nameOrId, removing) =>
      removeContainer(records, records.find(nameOrId), removing),
    exec: async (nameOrId, wanted, io, onStart) =>
      exec(keeper, records.find(nameOrId), wanted, io, onStart),
  }
}

async function runDetached(
  { store, records }: Keeper,
  monitorCommand: readonly string[],
  wanted: RunOptions,
  signal: AbortSignal | undefined,
): Promise<ContainerInfo> {
  const spec = createContainer(store, records, wanted)
  try {
    return { spec, state: await startDetached(records, spec, monitorCommand, signal) }
  } catch (error) {
    // As Docker does: a container that could not start stays, so that its record can be looked at, unless --rm.
    if (spec.removeOnExit) forget(records, spec.id)
    throw error
  }
}

function forget(records: Records, id: string): void {
  const info = records.read(id)
  if (info && info.state.status === 'exited') records.remove(info)
}

async function monitor(keeper: Keeper, id: string): Promise<OwnedContainer> {
  const info = keeper.records.read(id)
  if (!info) throw new Fault('CONTAINER_NOT_FOUND', `no such container: ${id}`)
  return startContainer(keeper, info.spec, { stdin: 'ignore', output: () => {} })
}

function exec(
  { store }: Keeper,
  info: ContainerInfo,
  wanted: ExecOptions,
  io: SandboxIo,
  onStart: ((kill: (signal: number) => boolean) => void) | undefined,
): Promise<ExecResult> {
  const state = runningState(info)
  const { spec } = info
  const tree = store.tree(spec.layers)
  const user = wanted.user === undefined ? spec.user : resolveUser(tree, wanted.user)
  const term = wanted.terminal ? ['TERM=xterm'] : []
  const process = {
    argv: wanted.argv,
    env: withHome(mergeEnv([...term, ...spec.env, ...(wanted.env ?? [])]), tree, user),
    cwd: wanted.workdir ?? spec.cwd,
    user,
    terminal: wanted.terminal ?? false,
  }
  return execInside(store, { pid: state.process.pid, process }, io, onStart)
}
