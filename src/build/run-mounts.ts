import { posix } from 'node:path'
import { Fault, type Json, type Place, type Range } from '../base/index.ts'
import { type MountFlag, parseMountFlag, type RunInstruction } from '../dockerfile/index.ts'
import { everything } from './copy-filter.ts'
import { selectionDigest, selectSources } from './copy-select.ts'
import { buildArg, expand, type Job, placeOf } from './job.ts'
import { namedOrigin } from './origin.ts'
import type { BindSource, CopySource, LayerId, StepMount } from './ports.ts'
import type { StageState } from './state.ts'

export type PlannedMounts = {
  /** To be asked when what they `read` is here. */
  readonly mounts: () => readonly StepMount[]
  /** Layers that `content` and `mounts` look into. */
  readonly reads: readonly LayerId[]
  /** Env lines of `type=secret,env=NAME`; never part of a key. */
  readonly secretEnv: readonly string[]
  /** `SSH_AUTH_SOCK` of the first `type=ssh`; also where nothing was passed for it (BuildKit). */
  readonly sshSocket: string | null
  readonly definition: Json
  readonly content: () => Json
  /** True when `content` says more than `definition`. */
  readonly lazy: boolean
}

type Planned = {
  readonly mount: StepMount | null
  readonly socket?: string
  readonly env?: string
  readonly definition: Json
  readonly content?: () => Json
}

/** All `--mount` flags of a RUN. `from` is not expanded; target, source and id are (BuildKit). */
export async function planMounts(
  job: Job,
  state: StageState,
  instruction: RunInstruction,
  stageIndex: number,
): Promise<PlannedMounts> {
  const planned: Planned[] = []
  let sockets = 0
  for (const flag of instruction.flags) {
    if (flag.name !== 'mount') continue
    const about = { range: flag.range, stageIndex, sockets }
    const item = await planMount(job, state, instruction, flag.value ?? '', about)
    if (item.socket !== undefined) sockets += 1
    planned.push(item)
  }
  return {
    sshSocket: planned.find((item) => item.socket !== undefined)?.socket ?? null,
    mounts: () => planned.flatMap((item) => (item.mount ? [withLayers(job, item.mount)] : [])),
    reads: planned.flatMap(({ mount }) => layersOf(mount)),
    secretEnv: planned.flatMap((item) => (item.env ? [item.env] : [])),
    definition: planned.map((item) => item.definition),
    content: () => planned.map((item) => item.content?.() ?? item.definition),
    lazy: planned.some((item) => item.content),
  }
}

function bindOf(mount: StepMount | null): BindSource | undefined {
  if (mount?.type === 'cache') return mount.seed?.from
  return mount?.type === 'bind' ? mount.from : undefined
}

function layersOf(mount: StepMount | null): readonly LayerId[] {
  const from = bindOf(mount)
  return from?.kind === 'layers' ? from.layers : []
}

/** The mount with the names that its layers have in the store. */
function withLayers({ absent }: Job, mount: StepMount): StepMount {
  const given = bindOf(mount)
  if (given?.kind !== 'layers') return mount
  const from: BindSource = { kind: 'layers', layers: absent.here(given.layers) }
  if (mount.type === 'bind') return { ...mount, from }
  return mount.type === 'cache' && mount.seed ? { ...mount, seed: { ...mount.seed, from } } : mount
}

async function planMount(
  job: Job,
  state: StageState,
  instruction: RunInstruction,
  text: string,
  about: { readonly range: Range; readonly stageIndex: number; readonly sockets: number },
): Promise<Planned> {
  const { stageIndex } = about
  const at = placeOf(job, about.range)
  const { value: options, diagnostics } = parseMountFlag(text, (word) =>
    expand(job, state.scope, word, instruction.range),
  )
  const wrong = diagnostics[0]
  if (wrong) throw new Fault(wrong.code, wrong.message, { kind: 'invalid', at, hint: wrong.hint })
  const target =
    options.target === null ? null : posix.resolve(state.config.WorkingDir || '/', options.target)
  const need = (): string => {
    if (target !== null && target !== '/') return target
    throw new Fault(
      'MOUNT_INVALID',
      `invalid mount target ${JSON.stringify(options.target ?? '')}`,
      {
        kind: 'invalid',
        at,
        hint: 'give target=/absolute/path',
      },
    )
  }
  const { mode, uid, gid } = options
  switch (options.type) {
    case 'bind':
      return bindMount(job, {
        target: need(),
        from: options.from,
        source: options.source ?? '/',
        readWrite: !options.readOnly,
        stageIndex,
        at,
      })
    case 'cache':
      return cacheMount(job, options, need(), stageIndex, at)
    case 'tmpfs': {
      const mount = { type: 'tmpfs', target: need(), size: options.size } as const
      return { mount, definition: mount }
    }
    case 'secret': {
      const id = options.id ?? (options.target === null ? '' : posix.basename(options.target))
      const { env, required } = options
      return secretMount(job, {
        id,
        target,
        env,
        required,
        mode: mode ?? 0o400,
        uid: uid ?? 0,
        gid: gid ?? 0,
        at,
      })
    }
    case 'ssh':
      return sshMount(job, options, target ?? `/run/buildkit/ssh_agent.${about.sockets}`, at)
    default:
      return options.type satisfies never
  }
}

/** @throws Fault SSH_UNAVAILABLE when it is required and nothing was passed */
function sshMount(job: Job, options: MountFlag, target: string, at: Place): Planned {
  const { required, source } = options
  const [mode, uid, gid] = [options.mode ?? 0o600, options.uid ?? 0, options.gid ?? 0]
  if (source !== null)
    throw new Fault('MOUNT_INVALID', 'ssh does not support source', { kind: 'invalid', at })
  const id = options.id ?? 'default'
  const keys = job.request.ssh?.get(id)
  const definition = { type: 'ssh', id, target, mode, uid, gid }
  if (keys)
    return { mount: { type: 'ssh', target, keys, mode, uid, gid }, socket: target, definition }
  if (!required) return { mount: null, socket: target, definition }
  throw new Fault('SSH_UNAVAILABLE', `no SSH key ${JSON.stringify(id)} forwarded from the client`, {
    kind: 'invalid',
    at,
    hint: `pass the agent with --ssh ${id}, or a key with --ssh ${id}=PATH`,
  })
}

/** A cache is its id, owner and mode: another owner is another cache (BuildKit). */
async function cacheMount(
  job: Job,
  options: MountFlag,
  target: string,
  stageIndex: number,
  at: Place,
): Promise<Planned> {
  const mode = options.mode ?? 0o755
  const [uid, gid] = [options.uid ?? 0, options.gid ?? 0]
  // Builds that share a machine and not their caches.
  const space = buildArg(job.request, 'BUILDKIT_CACHE_MOUNT_NS')
  const name = space ? `${space}/${options.id ?? target}` : (options.id ?? target)
  const id = [name, mode.toString(8), uid, gid].join('|')
  job.cacheMounts.add(id)
  const sharing = options.sharing ?? 'shared'
  const { readOnly } = options
  const seed =
    options.from === null ? null : (await bindSource(job, options.from, stageIndex, at)).bind
  return {
    mount: {
      ...{ type: 'cache', target, id, sharing, readOnly, mode, uid, gid },
      ...(seed ? { seed: { from: seed, source: options.source ?? '/' } } : {}),
    },
    definition: { type: 'cache', target, id, sharing, readOnly, from: options.from },
  }
}

async function bindMount(
  job: Job,
  mount: {
    target: string
    from: string | null
    source: string
    readWrite: boolean
    stageIndex: number
    at: ReturnType<typeof placeOf>
  },
): Promise<Planned> {
  const { bind, source, key } = await bindSource(job, mount.from, mount.stageIndex, mount.at)
  const common = {
    type: 'bind',
    target: mount.target,
    source: mount.source,
    readWrite: mount.readWrite,
  }
  const content = (): Json => {
    const selected = selectSources(source.tree, mount.source)
    if (!selected)
      throw new Fault(
        'MOUNT_SOURCE_MISSING',
        `failed to compute cache key: ${JSON.stringify(mount.source)}: not found`,
        {
          at: mount.at,
          hint: 'the source of a bind mount is relative to the build context or to the stage named by from=',
        },
      )
    return { ...common, files: selectionDigest(source, selected, everything) }
  }
  return {
    mount: {
      type: 'bind',
      target: mount.target,
      from: bind,
      source: mount.source,
      readWrite: mount.readWrite,
    },
    ...(key === null
      ? { definition: content() }
      : { definition: { ...common, from: key }, content }),
  }
}

async function bindSource(
  job: Job,
  from: string | null,
  stageIndex: number,
  at: ReturnType<typeof placeOf>,
): Promise<{ bind: BindSource; source: CopySource; key: string | null }> {
  if (from === null)
    return {
      bind: { kind: 'copy-source', source: job.request.context },
      source: job.request.context,
      key: null,
    }
  const io = { step: `mount from ${from}`, emit: job.emit, signal: job.signal }
  const origin = await namedOrigin(job, from, { stageIndex, at, verb: 'mount' }, io)
  const bind: BindSource = origin.layers
    ? { kind: 'layers', layers: origin.layers }
    : { kind: 'copy-source', source: origin.source }
  return { bind, source: origin.source, key: origin.definition }
}

function secretMount(
  job: Job,
  mount: {
    id: string
    target: string | null
    env: string | null
    required: boolean
    mode: number
    uid: number
    gid: number
    at: ReturnType<typeof placeOf>
  },
): Planned {
  const bytes = job.request.secrets.get(mount.id)
  const definition = {
    type: 'secret',
    id: mount.id,
    target: mount.target,
    env: mount.env,
    mode: mount.mode,
    uid: mount.uid,
    gid: mount.gid,
  }
  if (!bytes) {
    if (mount.required)
      throw new Fault('SECRET_MISSING', `secret ${mount.id}: not found`, {
        kind: 'invalid',
        at: mount.at,
        hint: `pass it with --secret id=${mount.id},src=FILE`,
      })
    return { mount: null, definition }
  }
  const env = mount.env === null ? {} : { env: `${mount.env}=${new TextDecoder().decode(bytes)}` }
  if (mount.env !== null && mount.target === null) return { mount: null, ...env, definition }
  return {
    mount: {
      type: 'secret',
      target: mount.target ?? `/run/secrets/${mount.id}`,
      bytes,
      mode: mount.mode,
      uid: mount.uid,
      gid: mount.gid,
    },
    ...env,
    definition,
  }
}
