import { randomBytes } from 'node:crypto'
import {
  mkdirSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { Fault } from '../../../base/index.ts'
import { chooseCapabilities } from '../sandbox/index.ts'
import { isAlive, latestEnd } from './identity.ts'
import type { ContainerInfo, ContainerSpec, ContainerState, Health } from './types.ts'

/** Where the parts of one container lie below the store's `containers/ID`. */
export type ContainerFolder = {
  readonly dir: string
  readonly spec: string
  readonly state: string
  readonly health: string
  readonly log: string
  readonly upper: string
  readonly work: string
  /** Made when it starts, removed when it ends. */
  readonly run: string
}

/** Records on disk: several processes read them, the container's owner writes its state. */
export type Records = {
  readonly folder: (id: string) => ContainerFolder
  /** @throws Fault NAME_IN_USE */
  readonly create: (spec: ContainerSpec, state: ContainerState) => void
  readonly writeState: (id: string, state: ContainerState) => void
  readonly writeHealth: (id: string, health: Health) => void
  readonly read: (id: string) => ContainerInfo | undefined
  readonly list: () => readonly ContainerInfo[]
  /** Containers that were to be removed when they end (`--rm`), and whose owner was killed before it could. */
  readonly abandoned: () => readonly ContainerInfo[]
  /** By name, ID or an ID's unambiguous beginning. @throws Fault CONTAINER_NOT_FOUND */
  readonly find: (nameOrId: string) => ContainerInfo
  readonly remove: (info: ContainerInfo) => void
  /** @throws Fault NAME_IN_USE */
  readonly rename: (info: ContainerInfo, name: string) => void
}

/** What records of an earlier version lack. */
const olderSpec: Pick<
  ContainerSpec,
  | ('volumes' | 'healthcheck' | 'shell' | 'capabilities' | 'init' | 'readOnly' | 'limits')
  | ('labels' | 'exposed' | 'shmSize' | 'ulimits' | 'dns' | 'stopTimeoutS')
> = {
  volumes: [],
  healthcheck: null,
  shell: null,
  capabilities: chooseCapabilities([], []),
  init: false,
  readOnly: false,
  limits: { memory: null, cpus: null },
  labels: {},
  exposed: [],
  shmSize: null,
  ulimits: [],
  dns: null,
  stopTimeoutS: null,
}

export function openRecords(storeRoot: string): Records {
  const root = join(storeRoot, 'containers')
  const names = join(root, 'names')
  const folder = (id: string): ContainerFolder => folderIn(join(root, id))
  const read = (id: string): ContainerInfo | undefined => {
    const paths = folder(id)
    const spec = readJson<ContainerSpec>(paths.spec)
    const state = readJson<ContainerState>(paths.state)
    if (!spec || !state) return undefined
    const health = readJson<Health>(paths.health) ?? null
    return { spec: { ...olderSpec, ...spec }, state: settled(paths, spec, state), health }
  }
  const list = (): ContainerInfo[] =>
    readNames(root)
      .filter((name) => /^[0-9a-f]{64}$/.test(name))
      .flatMap((id) => read(id) ?? [])
      .sort((a, b) => (a.spec.created < b.spec.created ? 1 : -1))
  return {
    folder,
    read,
    list,
    abandoned: () =>
      list().filter(({ spec, state }) => {
        if (!spec.removeOnExit || state.status !== 'exited') return false
        const said = readJson<ContainerState>(folder(spec.id).state)
        if (said?.status !== 'exited') return true
        // To remove what a container wrote takes a while, in which its owner can be killed as well.
        return said.owner !== undefined && !isAlive(said.owner)
      }),
    create: (spec, state) => {
      mkdirSync(names, { recursive: true, mode: 0o700 })
      reserve(join(names, spec.name), spec, read)
      const paths = folder(spec.id)
      for (const dir of [paths.dir, paths.upper, paths.work]) mkdirSync(dir, { mode: 0o700 })
      writeFileSync(paths.log, '', { mode: 0o600 })
      writeJson(paths.spec, spec)
      writeJson(paths.state, state)
    },
    writeState: (id, state) => writeJson(folder(id).state, state),
    writeHealth: (id, health) => writeJson(folder(id).health, health),
    find: (nameOrId) => find(list(), nameOrId),
    rename: ({ spec }, name) => {
      const renamed = { ...spec, name }
      reserve(join(names, name), renamed, read)
      writeJson(folder(spec.id).spec, renamed)
      rmSync(join(names, spec.name), { force: true })
    },
    remove: ({ spec }) => {
      rmSync(join(names, spec.name), { force: true })
      rmSync(folder(spec.id).dir, { recursive: true, force: true })
    },
  }
}

function folderIn(dir: string): ContainerFolder {
  const at = (name: string): string => join(dir, name)
  return {
    dir,
    spec: at('container.json'),
    state: at('state.json'),
    health: at('health.json'),
    log: at('log'),
    upper: at('upper'),
    work: at('work'),
    run: at('run'),
  }
}

/** The link is the lock: two processes cannot both make it. One left by a container that is gone does not count. */
function reserve(
  link: string,
  spec: ContainerSpec,
  read: (id: string) => ContainerInfo | undefined,
): void {
  try {
    symlinkSync(spec.id, link)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
    const holder = readlinkSync(link)
    if (read(holder)) throw taken(spec.name, holder, error)
    rmSync(link, { force: true })
    symlinkSync(spec.id, link)
  }
}

function taken(name: string, holder: string, cause: unknown): Fault {
  return new Fault(
    'NAME_IN_USE',
    `the container name ${JSON.stringify(name)} is already in use by container ${holder.slice(0, 12)}`,
    { cause, hint: `remove that container (rm ${name}) or choose another name` },
  )
}

/**
 * A container whose owner was killed has ended with it, whatever the record says. When, nobody saw: as Docker does after
 * a restart, whoever finds out first takes that moment, or the machine's start when it was an earlier one.
 */
function settled(
  paths: ContainerFolder,
  { removeOnExit }: ContainerSpec,
  state: ContainerState,
): ContainerState {
  if (!isOrphaned(state)) return state
  // Its owner may have had its last word between our look at the record and at its process.
  const last = readJson<ContainerState>(paths.state) ?? state
  if (!isOrphaned(last)) return last
  const ended: ContainerState = {
    status: 'exited',
    exitCode: 137,
    signal: 'SIGKILL',
    started: last.status === 'running' ? last.started : null,
    finished: new Date(latestEnd(last.owner)).toISOString(),
    error: null,
  }
  // One that was to be removed is removed, and known by its record until then.
  if (!removeOnExit) rememberEnd(paths, ended)
  return ended
}

type UnendedState = Exclude<ContainerState, { readonly status: 'exited' }>

function isOrphaned(state: ContainerState): state is UnendedState {
  if (state.status === 'exited' || isAlive(state.owner)) return false
  return state.status === 'created' || !isAlive(state.process)
}

function rememberEnd(paths: ContainerFolder, ended: ContainerState): void {
  try {
    writeJson(paths.state, ended)
  } catch (error) {
    // Who only looks, on a store that cannot be written or at a container that has just been removed, is told the same.
    if (!/^(?:EROFS|EACCES|ENOENT)$/.test((error as NodeJS.ErrnoException).code ?? '')) throw error
  }
}

function find(all: readonly ContainerInfo[], nameOrId: string): ContainerInfo {
  const exact = all.find(({ spec }) => spec.name === nameOrId || spec.id === nameOrId)
  if (exact) return exact
  const matching = all.filter(({ spec }) => nameOrId !== '' && spec.id.startsWith(nameOrId))
  const [only] = matching
  if (only && matching.length === 1) return only
  throw new Fault(
    'CONTAINER_NOT_FOUND',
    matching.length > 1
      ? `several containers begin with ${nameOrId}`
      : `no such container: ${nameOrId}`,
    { hint: '`jettison ps -a` lists them' },
  )
}

function readNames(dir: string): string[] {
  try {
    return readdirSync(dir)
  } catch {
    return []
  }
}

function readJson<T>(path: string): T | undefined {
  try {
    return JSON.parse(readFileSync(path, 'utf8')) as T
  } catch {
    return undefined
  }
}

function writeJson(path: string, value: unknown): void {
  const temp = `${path}.${randomBytes(4).toString('hex')}`
  writeFileSync(temp, `${JSON.stringify(value)}\n`, { mode: 0o600 })
  renameSync(temp, path)
}
