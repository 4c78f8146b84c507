import { posix } from 'node:path'
import { Fault, type Json } from '../base/index.ts'
import { parseMountFlag, type RunInstruction } from '../dockerfile/index.ts'
import { selectionDigest, selectSources } from './copy-select.ts'
import { namedOrigin } from './copy-step.ts'
import { expand, type Job, placeOf } from './job.ts'
import type { BindSource, CopySource, StepMount } from './ports.ts'
import type { StageState } from './state.ts'

export type PlannedMounts = {
  readonly mounts: () => readonly StepMount[]
  /** Env lines of `type=secret,env=NAME`; never part of a key. */
  readonly secretEnv: readonly string[]
  readonly definition: Json
  readonly content: () => Json
  /** True when `content` says more than `definition`. */
  readonly lazy: boolean
}

type Planned = {
  readonly mount: StepMount | null
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
  for (const flag of instruction.flags) {
    if (flag.name !== 'mount') continue
    planned.push(await planMount(job, state, instruction, flag.value ?? '', flag.range, stageIndex))
  }
  return {
    mounts: () => planned.flatMap((item) => (item.mount ? [item.mount] : [])),
    secretEnv: planned.flatMap((item) => (item.env ? [item.env] : [])),
    definition: planned.map((item) => item.definition),
    content: () => planned.map((item) => item.content?.() ?? item.definition),
    lazy: planned.some((item) => item.content),
  }
}

async function planMount(
  job: Job,
  state: StageState,
  instruction: RunInstruction,
  text: string,
  range: { start: number; end: number },
  stageIndex: number,
): Promise<Planned> {
  const at = placeOf(job, range)
  const { value: options, diagnostics } = parseMountFlag(text)
  const wrong = diagnostics[0]
  if (wrong) throw new Fault(wrong.code, wrong.message, { kind: 'invalid', at, hint: wrong.hint })
  const word = (value: string | undefined): string | undefined =>
    value === undefined ? undefined : expand(job, state.scope, value, instruction.range)
  const workdir = state.config.WorkingDir || '/'
  const target = word(options.target)
  const absoluteTarget = target === undefined ? undefined : posix.resolve(workdir, target)
  const need = (): string => {
    if (absoluteTarget === undefined || absoluteTarget === '/')
      throw new Fault('MOUNT_INVALID', `invalid mount target ${JSON.stringify(target ?? '')}`, {
        kind: 'invalid',
        at,
        hint: 'give target=/absolute/path',
      })
    return absoluteTarget
  }
  const ids = { mode: options.mode, uid: options.uid ?? 0, gid: options.gid ?? 0 }
  switch (options.type) {
    case 'bind':
      return bindMount(job, {
        target: need(),
        from: options.from,
        source: word(options.source) ?? '/',
        readWrite: options.readOnly === false,
        stageIndex,
        at,
      })
    case 'cache': {
      const where = need()
      const id = [word(options.id) ?? where, ids.mode ?? '', ids.uid, ids.gid].join('|')
      const sharing = options.sharing ?? 'shared'
      const seed =
        options.from === undefined
          ? undefined
          : (await bindSource(job, options.from, stageIndex, at)).bind
      return {
        mount: {
          type: 'cache',
          target: where,
          id,
          sharing,
          readOnly: options.readOnly === true,
          mode: ids.mode ?? 0o755,
          uid: ids.uid,
          gid: ids.gid,
          ...(seed ? { seed: { from: seed, source: word(options.source) ?? '/' } } : {}),
        },
        definition: {
          type: 'cache',
          target: where,
          id,
          sharing,
          readOnly: options.readOnly === true,
          from: options.from ?? null,
        },
      }
    }
    case 'tmpfs':
      return {
        mount: { type: 'tmpfs', target: need(), size: options.size ?? null },
        definition: { type: 'tmpfs', target: need(), size: options.size ?? null },
      }
    case 'secret':
      return secretMount(job, {
        id: word(options.id) ?? (target ? posix.basename(target) : ''),
        target: absoluteTarget,
        env: options.env,
        required: options.required === true,
        mode: ids.mode ?? 0o400,
        uid: ids.uid,
        gid: ids.gid,
        at,
      })
    case 'ssh':
      if (options.required)
        throw new Fault(
          'SSH_UNAVAILABLE',
          'RUN --mount=type=ssh,required needs an agent, which is not supported yet',
          { kind: 'invalid', at },
        )
      return { mount: null, definition: { type: 'ssh' } }
    default:
      return options.type satisfies never
  }
}

async function bindMount(
  job: Job,
  mount: {
    target: string
    from: string | undefined
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
    const { selected, missing } = selectSources(source.tree, [mount.source])
    if (missing.length > 0)
      throw new Fault(
        'MOUNT_SOURCE_MISSING',
        `failed to compute cache key: ${JSON.stringify(mount.source)}: not found`,
        {
          at: mount.at,
          hint: 'the source of a bind mount is relative to the build context or to the stage named by from=',
        },
      )
    return { ...common, files: selectionDigest(source, selected) }
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
  from: string | undefined,
  stageIndex: number,
  at: ReturnType<typeof placeOf>,
): Promise<{ bind: BindSource; source: CopySource; key: string | null }> {
  if (from === undefined)
    return {
      bind: { kind: 'copy-source', source: job.request.context },
      source: job.request.context,
      key: null,
    }
  try {
    const origin = await namedOrigin(job, from, stageIndex, {
      step: `mount from ${from}`,
      emit: job.emit,
      signal: job.signal,
    })
    const bind: BindSource = origin.layers
      ? { kind: 'layers', layers: origin.layers }
      : { kind: 'copy-source', source: origin.source }
    return { bind, source: origin.source, key: origin.definition }
  } catch (error) {
    if (error instanceof Fault && !error.at)
      throw new Fault(error.code, error.message, {
        kind: error.kind,
        hint: error.hint,
        at,
        cause: error,
      })
    throw error
  }
}

function secretMount(
  job: Job,
  mount: {
    id: string
    target: string | undefined
    env: string | undefined
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
    target: mount.target ?? null,
    env: mount.env ?? null,
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
  const env =
    mount.env === undefined ? {} : { env: `${mount.env}=${new TextDecoder().decode(bytes)}` }
  if (mount.env !== undefined && mount.target === undefined)
    return { mount: null, ...env, definition }
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
