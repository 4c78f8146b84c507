import { closest, Fault, type Place, type Source } from '../base/index.ts'
import {
  type Dockerfile,
  expandWord,
  parseMountFlag,
  type Stage,
  stagesOf,
} from '../dockerfile/index.ts'
import { expansionHint } from './expansion-hint.ts'
import type { Scope } from './scope.ts'

/** What a stage starts from. */
export type StageBase =
  | { readonly kind: 'scratch' }
  /** A `--build-context` with the stage's own name: nothing of the stage is run. */
  | { readonly kind: 'context'; readonly name: string }
  | { readonly kind: 'stage'; readonly index: number }
  | { readonly kind: 'image'; readonly reference: string; readonly platform: string | null }

export type GraphStage = {
  readonly stage: Stage
  readonly base: StageBase
  /** Earlier stages whose files it reads, its base included; ascending. */
  readonly needs: readonly number[]
}

export type StageGraph = {
  readonly stages: readonly GraphStage[]
  /** The stage that becomes the image. */
  readonly target: number
  /** Stages that the target needs, directly or not, ascending; all others are never run. */
  readonly reachable: readonly number[]
}

/**
 * Names and edges of a Dockerfile's stages. A name means the last earlier stage of that name, else an image
 * (Dockerfile reference, FROM and COPY --from).
 * @throws Fault DOCKERFILE_EMPTY, BASE_NAME_EMPTY, TARGET_NOT_FOUND
 */
export function stageGraph(
  source: Source,
  dockerfile: Dockerfile,
  {
    scope,
    target,
    contexts,
  }: {
    readonly scope: Scope
    readonly target: string | null
    /** Names of `--build-context`. */
    readonly contexts: ReadonlySet<string>
  },
): StageGraph {
  const { stages } = stagesOf(dockerfile)
  if (stages.length === 0)
    throw new Fault('DOCKERFILE_EMPTY', 'the Dockerfile has no build stage', {
      kind: 'invalid',
      hint: 'a Dockerfile starts with FROM',
      at: { source },
    })
  const graph = stages.map((stage): GraphStage => {
    if (stage.name !== null && contexts.has(stage.name))
      return { stage, base: { kind: 'context', name: stage.name }, needs: [] }
    const base = baseOf(source, dockerfile, stage, stages, scope)
    const needs = new Set<number>(stageReads(stage, stages))
    if (base.kind === 'stage') needs.add(base.index)
    return { stage, base, needs: [...needs].sort((a, b) => a - b) }
  })
  const at = targetIndex(source, stages, target)
  return { stages: graph, target: at, reachable: reach(graph, at) }
}

/** The target, and the stages that it starts from: what they make is in the image. */
export function targetStages({ stages, target }: StageGraph): ReadonlySet<number> {
  const found = new Set<number>()
  for (let at: number | undefined = target; at !== undefined; ) {
    found.add(at)
    const base: StageBase | undefined = stages[at]?.base
    at = base?.kind === 'stage' ? base.index : undefined
  }
  return found
}

/** The earlier stage that `name` (or a decimal index) means, seen from stage `before`; undefined for an image. */
export function findStage(
  stages: readonly Stage[],
  name: string,
  before: number,
): number | undefined {
  const wanted = name.toLowerCase()
  for (let at = before - 1; at >= 0; at--) if (stages[at]?.name === wanted) return at
  if (/^\d+$/.test(name) && Number(name) < before) return Number(name)
  return undefined
}

/** The stage of this name when it stands at or after `at`: BuildKit refuses it, whatever image has the name too. */
export function laterStage(stages: readonly Stage[], name: string, at: number): number | null {
  const found = stages.findIndex((stage) => stage.index >= at && stage.name === name.toLowerCase())
  return found < 0 ? null : found
}

function baseOf(
  source: Source,
  dockerfile: Dockerfile,
  stage: Stage,
  stages: readonly Stage[],
  scope: Scope,
): StageBase {
  const place: Place = { source, range: stage.from.image.range }
  const expanded = expandWord(stage.from.image.text, (name) => scope.get(name), {
    escape: dockerfile.escape,
  })
  if (expanded.error)
    throw new Fault('EXPANSION_FAILED', expanded.error, {
      kind: 'invalid',
      at: place,
      hint: expansionHint(stage.from.image.text, expanded.error),
    })
  const reference = expanded.value
  if (reference === '')
    throw new Fault('BASE_NAME_EMPTY', `base name (${stage.from.image.text}) should not be blank`, {
      kind: 'invalid',
      at: place,
      hint: 'give the ARG a default, or pass it with --build-arg',
    })
  const named = stages.findLast((other) => other.index < stage.index && other.name === reference)
  if (named) return { kind: 'stage', index: named.index }
  if (reference === 'scratch') return { kind: 'scratch' }
  // Only the exact name is a stage: with capitals it is taken for an image's (BuildKit).
  const flag = stage.from.platform
  const platform = flag
    ? expandWord(flag, (name) => scope.get(name), { escape: dockerfile.escape }).value
    : null
  if (platform === '')
    throw new Fault('PLATFORM_UNSUPPORTED', `empty platform value from expression ${flag}`, {
      kind: 'invalid',
      at: { source, range: stage.from.range },
      hint: 'give the ARG a default, or pass it with --build-arg',
    })
  return { kind: 'image', reference, platform }
}

function stageReads(stage: Stage, stages: readonly Stage[]): number[] {
  const names = stage.instructions.flatMap((instruction) => {
    if (instruction.kind === 'copy' || instruction.kind === 'add')
      return instruction.flags.filter((flag) => flag.name === 'from').map((flag) => flag.value)
    if (instruction.kind === 'run')
      return instruction.flags
        .filter((flag) => flag.name === 'mount' && flag.value !== null)
        .map((flag) => parseMountFlag(flag.value ?? '').value.from)
    return []
  })
  return names.flatMap((name) => {
    const at = name === null ? undefined : findStage(stages, name, stage.index)
    return at === undefined ? [] : [at]
  })
}

function targetIndex(source: Source, stages: readonly Stage[], target: string | null): number {
  if (target === null || target === '') return stages.length - 1
  const at = findStage(stages, target, stages.length)
  if (at !== undefined) return at
  const names = stages.flatMap((stage) => (stage.name ? [stage.name] : []))
  const near = closest(target, names)
  throw new Fault(
    'TARGET_NOT_FOUND',
    `target stage ${JSON.stringify(target)} could not be found${near ? ` (did you mean ${near}?)` : ''}`,
    {
      kind: 'invalid',
      at: { source },
      hint:
        names.length > 0
          ? `the stages are ${names.join(', ')}`
          : `no stage has a name; use an index, 0 to ${stages.length - 1}`,
    },
  )
}

function reach(graph: readonly GraphStage[], target: number): number[] {
  const seen = new Set<number>()
  const visit = (at: number): void => {
    if (seen.has(at)) return
    seen.add(at)
    for (const need of graph[at]?.needs ?? []) visit(need)
  }
  visit(target)
  return [...seen].sort((a, b) => a - b)
}
