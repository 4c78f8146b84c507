import type { ContainerConfig, Digest, HistoryEntry, ImageConfig } from '../image/index.ts'
import { stepKey } from './key.ts'
import type { LayerId, StepRecord, StoredImage } from './ports.ts'
import { envMap, makeScope, type Scope } from './scope.ts'

const defaultPath = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin'

/** A stage as far as it has been built: what is below, what the next step builds on. A value. */
export type StageState = {
  readonly layers: readonly LayerId[]
  readonly config: ContainerConfig
  readonly history: readonly HistoryEntry[]
  readonly author: string | null
  readonly scope: Scope
  /** Key that the next step's key names as its parent. */
  readonly chain: Digest
  /** Whether CMD was set in this stage: ENTRYPOINT clears an inherited one only. */
  readonly cmdSet: boolean
  /** How many layers the base image brought, also where a stage starts from another. */
  readonly baseLayers: number
  /** When the newest layer was made; metadata entries of the history repeat it. */
  readonly created: string | null
}

export function scratchState(): StageState {
  return {
    layers: [],
    config: { Env: [`PATH=${defaultPath}`], WorkingDir: '/' },
    history: [],
    author: null,
    scope: makeScope(new Map([['PATH', defaultPath]]), []),
    chain: stepKey({ op: 'scratch' }).key,
    cmdSet: false,
    baseLayers: 0,
    created: null,
  }
}

/** State of a stage that starts from an image; triggers of ONBUILD are the caller's. */
export function imageState(image: StoredImage): StageState {
  const { OnBuild: _triggers, ...config } = image.config.config
  const env = envMap(config.Env ?? [])
  if (!env.has('PATH')) env.set('PATH', defaultPath)
  return {
    layers: image.layers,
    config: { ...config, Env: [...env].map(([name, value]) => `${name}=${value}`) },
    history: alignHistory(image.config, image.layers.length),
    author: image.config.author ?? null,
    scope: makeScope(env, []),
    chain: stepKey({ op: 'image', id: image.id }).key,
    cmdSet: false,
    baseLayers: image.layers.length,
    created: image.config.created ?? null,
  }
}

/** A stage that starts from another keeps its variables and declared ARGs; its ONBUILD triggers run and are gone. */
export function inheritedState(state: StageState): StageState {
  const { OnBuild: _triggers, ...config } = state.config
  return { ...state, config, cmdSet: false }
}

/** The state after an instruction that changes the configuration only. */
export function withConfig(
  state: StageState,
  createdBy: string,
  config: ContainerConfig,
  more: Partial<Pick<StageState, 'scope' | 'cmdSet' | 'author'>> = {},
): StageState {
  return {
    ...state,
    ...more,
    config,
    history: [...state.history, entry(state.created, createdBy, true)],
  }
}

/** The state after a step that made a layer. */
export function withLayer(
  state: StageState,
  createdBy: string,
  record: StepRecord,
  /** SOURCE_DATE_EPOCH, RFC 3339: it takes the place of every time that this build writes. */
  fixed: string | null,
): StageState {
  const created = fixed ?? record.created
  return {
    ...state,
    layers: [...state.layers, record.layer],
    chain: record.chain,
    created,
    history: [...state.history, entry(created, createdBy, false)],
  }
}

function entry(created: string | null, createdBy: string, empty: boolean): HistoryEntry {
  return {
    ...(created === null ? {} : { created }),
    created_by: createdBy,
    comment: 'buildkit.dockerfile.v0',
    ...(empty ? { empty_layer: true } : {}),
  }
}

/** Bases without history, or with too little of it, get one entry a layer, so that both lists agree. */
function alignHistory(config: ImageConfig, layers: number): readonly HistoryEntry[] {
  const withLayer = config.history.filter((entry) => !entry.empty_layer).length
  if (withLayer === layers) return config.history
  return Array.from({ length: layers }, () => ({ created_by: 'unknown' }))
}
