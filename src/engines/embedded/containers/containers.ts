import { mkdirSync } from 'node:fs'
import { type EventSink, Fault } from '../../../base/index.ts'
import { resolveUser } from '../../../build/index.ts'
import type { Store } from '../../../store/index.ts'
import { type HeldRoot, holdRoot } from '../files/index.ts'
import { findOutbound, type OutboundProgram } from '../netns/index.ts'
import type { Isolation, SandboxIo } from '../sandbox/index.ts'
import { mergeEnv, withHome } from './command.ts'
import { checkedName, createContainer, type RunOptions } from './create.ts'
import { startDetached } from './detach.ts'
import { type ExecResult, execInside } from './exec.ts'
import { ownIdentity } from './identity.ts'
import {
  type RemoveOptions,
  removeContainer,
  runningState,
  type StopOptions,
  sendSignal,
  stopContainer,
  waitForEnd,
} from './lifecycle.ts'
import { type LogChunk, readLog } from './log.ts'
import { isolatedNotice } from './network.ts'
import { type ContainerProcess, processesBeside } from './processes.ts'
import { openRecords, type Records } from './records.ts'
import { signalNumber } from './signals.ts'
import { type Keeper, type OwnedContainer, startContainer } from './supervise.ts'
import type { ContainerInfo, ContainerSpec } from './types.ts'
import {
  createVolume,
  listVolumes,
  removeAnonymousVolumes,
  removeVolume,
  type VolumeInfo,
} from './volumes.ts'

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
  remove(nameOrId: string, options: RemoveOptions): Promise<void>
  /** By name; those of ended containers too. */
  volumes(): readonly VolumeInfo[]
  /** Makes an empty one unless it exists. @throws Fault VOLUME_NAME_INVALID */
  createVolume(name: string): void
  /** @throws Fault VOLUME_NOT_FOUND, VOLUME_IN_USE */
  removeVolume(name: string): void
  /** Starts a container again that has ended, with what it wrote; detached. @throws Fault CONTAINER_RUNNING */
  start(nameOrId: string, signal?: AbortSignal): Promise<ContainerInfo>
  /** @throws Fault NAME_INVALID, NAME_IN_USE */
  rename(nameOrId: string, name: string): void
  /** @returns the exit code, once it has ended */
  wait(nameOrId: string, signal?: AbortSignal): Promise<number>
  /** Where its files are, running or not; volumes only while it runs. @throws Fault COPY_FAILED */
  files(nameOrId: string): Promise<HeldRoot>
  /** Its processes, PID 1 first. @throws Fault CONTAINER_NOT_RUNNING */
  processes(nameOrId: string): readonly ContainerProcess[]
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
  /** `PATH`, where pasta and slirp4netns are looked for. */
  readonly searchPath: string
  readonly emit: EventSink
}): Containers {
  const records = openRecords(options.store.root)
  const { store, isolation, emit, searchPath } = options
  const outbound = (): OutboundProgram | undefined => findOutbound(searchPath)
  const keeper: Keeper = { store, isolation, records, outbound, emit }
  const create = (wanted: RunOptions): ContainerSpec => {
    removeAbandoned(keeper)
    const spec = createContainer(store, records, wanted)
    if (spec.network === 'own' && !outbound()) emit(isolatedNotice)
    return spec
  }
  return {
    run: async (wanted, io) => startContainer(keeper, create(wanted), io),
    runDetached: async (wanted, signal) =>
      startInBackground(keeper, options.monitorCommand, create(wanted), signal),
    monitor: (id) => monitor(keeper, id),
    list: () => {
      removeAbandoned(keeper)
      return records.list()
    },
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
      removeContainer(store, records, records.find(nameOrId), removing),
    volumes: () => listVolumes(store, records.list()),
    createVolume: (name) => createVolume(store, name),
    removeVolume: (name) => removeVolume(store, records.list(), name),
    start: async (nameOrId, signal) => {
      const { spec, state } = records.find(nameOrId)
      if (state.status !== 'exited')
        throw new Fault('CONTAINER_RUNNING', `container ${spec.name} is running`)
      records.writeState(spec.id, { status: 'created', owner: ownIdentity() })
      return startInBackground(keeper, options.monitorCommand, spec, signal)
    },
    rename: (nameOrId, name) => records.rename(records.find(nameOrId), checkedName(name)),
    wait: (nameOrId, signal) => waitForEnd(records, records.find(nameOrId), signal),
    files: async (nameOrId) => filesOf(keeper, records.find(nameOrId)),
    processes: (nameOrId) => processesBeside(runningState(records.find(nameOrId)).process.pid),
    exec: async (nameOrId, wanted, io, onStart) =>
      exec(keeper, records.find(nameOrId), wanted, io, onStart),
  }
}

async function startInBackground(
  { store, records }: Keeper,
  monitorCommand: readonly string[],
  spec: ContainerSpec,
  signal: AbortSignal | undefined,
): Promise<ContainerInfo> {
  try {
    const state = await startDetached(records, spec, monitorCommand, signal)
    return { spec, state, health: records.read(spec.id)?.health ?? null }
  } catch (error) {
    // As Docker does: a container that could not start stays, so that its record can be looked at, unless --rm.
    if (spec.removeOnExit) {
      forget(records, spec.id)
      removeAnonymousVolumes(store, spec, records.list())
    }
    throw error
  }
}

async function filesOf(
  { store, records }: Keeper,
  { spec, state }: ContainerInfo,
): Promise<HeldRoot> {
  if (state.status === 'running')
    return { path: `/proc/${state.process.pid}/root`, close: async () => {} }
  const { upper, work } = records.folder(spec.id)
  const workspace = store.workspace('files')
  try {
    for (const dir of [upper, work]) mkdirSync(dir, { recursive: true })
    const lowers = spec.layers.map((id) => store.layerPath(id))
    const held = await holdRoot(lowers, { upper, work }, workspace.dir)
    return { path: held.path, close: () => held.close().finally(() => workspace.remove()) }
  } catch (error) {
    workspace.remove()
    throw error
  }
}

/** Nobody else removes what its owner, killed, could not. */
function removeAbandoned({ store, records }: Keeper): void {
  for (const info of records.abandoned()) {
    records.remove(info)
    removeAnonymousVolumes(store, info.spec, records.list())
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
    capabilities: spec.capabilities,
  }
  return execInside(store, { pid: state.process.pid, process }, io, onStart)
}
