import { type EventSink, Fault, type Place, type Range, type Source } from '../base/index.ts'
import {
  type Dockerfile,
  expandWord,
  expandWords,
  type Instruction,
  type Word,
} from '../dockerfile/index.ts'
import type { AbsentLayers } from './absent.ts'
import type { EarlyFetches } from './early.ts'
import { expansionHint } from './expansion-hint.ts'
import type { StageGraph } from './graph.ts'
import type { BuildPorts, LayerId, MadeStep } from './ports.ts'
import type { BuildRequest } from './request.ts'
import type { Scope } from './scope.ts'
import type { StageState } from './state.ts'

/** One build on its way: what was asked, what it may use, and the stages as they become ready. */
export type Job = {
  readonly request: BuildRequest
  readonly source: Source
  readonly dockerfile: Dockerfile
  readonly ports: BuildPorts
  readonly graph: StageGraph
  readonly globalScope: Scope
  readonly emit: EventSink
  readonly signal: AbortSignal | undefined
  /** State at the end of an earlier stage; builds it when that has not happened yet. */
  readonly stage: (index: number) => Promise<StageState>
  readonly count: { ran: number; cached: number }
  readonly made: MadeStep[]
  /** The instruction that made a layer, for what is found out about it only at the end. */
  readonly madeAt: Map<LayerId, Place>
  readonly cacheMounts: Set<string>
  readonly usedArgs: Set<string>
  readonly absent: AbsentLayers
  readonly early: EarlyFetches
  /** Fetches them meanwhile: it is certain that they are needed, so when they cannot be had the build is over. */
  readonly fetchAhead: (layers: readonly LayerId[]) => void
  /** The stage that is built, of the graph. */
  readonly stageIndex: number
  /** Whether all layers of this stage are going to be layers of a result that the store keeps. */
  readonly kept: boolean
  /** SOURCE_DATE_EPOCH in seconds, and the same as RFC 3339; null when the build has the time of day. */
  readonly epoch: number | null
  readonly created: string | null
}

/** Where an instruction stands, for an error. */
export function placeOf(job: Pick<Job, 'source'>, range: Range): Place {
  return { source: job.source, range }
}

/** The `--build-arg` of this name; an ARG may be named `constructor`. */
export function buildArg({ args }: Pick<BuildRequest, 'args'>, name: string): string | undefined {
  return Object.hasOwn(args, name) ? args[name] : undefined
}

/** @throws Fault EXPANSION_FAILED for `${x:?message}` and unterminated quotes */
export function expand(
  job: Pick<Job, 'source' | 'dockerfile'>,
  scope: Scope,
  word: Word | string,
  at: Range,
): string {
  const text = typeof word === 'string' ? word : word.text
  const result = expandWord(text, (name) => scope.get(name), { escape: job.dockerfile.escape })
  if (result.error)
    throw new Fault('EXPANSION_FAILED', result.error, {
      kind: 'invalid',
      at: placeOf(job, typeof word === 'string' ? at : word.range),
      hint: expansionHint(text, result.error),
    })
  return result.value
}

/** Like `expand`, but unquoted blanks in an expanded variable split words. */
export function expandAll(job: Job, scope: Scope, words: readonly Word[]): string[] {
  return words.flatMap((word) => {
    const result = expandWords(word.text, (name) => scope.get(name), {
      escape: job.dockerfile.escape,
    })
    if (result.error)
      throw new Fault('EXPANSION_FAILED', result.error, {
        kind: 'invalid',
        at: placeOf(job, word.range),
        hint: expansionHint(word.text, result.error),
      })
    return [...result.words]
  })
}

export function flagOf(instruction: Instruction, name: string): string | null | undefined {
  return instruction.flags.findLast((flag) => flag.name === name)?.value
}

/** Boolean flags: bare, `=true` or `=false`. */
export function flagOn(instruction: Instruction, name: string): boolean {
  const value = flagOf(instruction, name)
  return value !== undefined && value !== 'false' && value !== '0'
}
