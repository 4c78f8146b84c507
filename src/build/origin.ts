import { Fault, type Place, withPlace } from '../base/index.ts'
import { findStage, laterStage } from './graph.ts'
import type { Job } from './job.ts'
import { layersSource } from './layers-source.ts'
import type { CopySource, StepIo } from './ports.ts'
import type { NamedContext, OpenedContext } from './request.ts'
import type { StageState } from './state.ts'
import { suggestName } from './suggest-name.ts'

/** Where files come from, and the key that names them without reading them (null for what lies on disk). */
export type Origin = {
  readonly source: CopySource
  readonly definition: string | null
  /** Null for files that are in no layer. */
  readonly layers: StageState['layers'] | null
}

/** The build context. */
export function contextOrigin(job: Job): Origin {
  return { source: job.request.context, definition: null, layers: null }
}

/**
 * What `--from` names: an earlier stage by name or index, else a named context, else an image. Names are not expanded.
 * @throws Fault FROM_VARIABLE, STAGE_LATER, and what finding an image throws
 */
export async function namedOrigin(
  job: Job,
  name: string,
  options: { readonly stageIndex: number; readonly at: Place; readonly verb: 'copy' | 'mount' },
  io: StepIo,
): Promise<Origin> {
  const { stageIndex, at, verb } = options
  try {
    const stages = job.graph.stages.map(({ stage }) => stage)
    const stage = findStage(stages, name, stageIndex)
    if (stage !== undefined) {
      const { layers, chain } = await job.stage(stage)
      return { source: layersSource(job.ports.store, layers), definition: chain, layers }
    }
    const later = laterStage(stages, name, stageIndex)
    if (later !== null)
      throw new Fault(
        'STAGE_LATER',
        verb === 'copy'
          ? `cannot copy from stage ${JSON.stringify(name)}, it needs to be defined before current stage ${JSON.stringify(stages[stageIndex]?.name ?? `stage-${stageIndex}`)}`
          : `cannot mount from stage ${JSON.stringify(name)}, stage needs to be defined before current command`,
        { kind: 'invalid', hint: 'move that stage above this one' },
      )
    if (/^\d+$/.test(name))
      throw new Fault('STAGE_INDEX', `invalid stage index ${name}`, {
        kind: 'invalid',
        hint: `only the stages 0 to ${stageIndex - 1} stand before this one`,
      })
    return await imageOrigin(job, name, io)
  } catch (error) {
    throw withPlace(suggestName(error, name, job), at)
  }
}

async function imageOrigin(job: Job, name: string, io: StepIo): Promise<Origin> {
  const named = await openedContext(job, name, io)
  if (named?.kind === 'files') return { source: named.source, definition: null, layers: null }
  const image =
    named?.kind === 'stored'
      ? named.image
      : await job.ports.bases.resolve(named?.reference ?? name, io)
  const source = layersSource(job.ports.store, image.layers)
  return { source, definition: image.id, layers: image.layers }
}

/** The `--build-context` of a stage's or image's name; `name` and `name:latest` are one. */
function findContext(job: Pick<Job, 'request'>, name: string): NamedContext | undefined {
  const plain = name.toLowerCase().replace(/^docker\.io\/(?:library\/)?/, '')
  return job.request.namedContexts.get(plain.replace(/:latest$/, ''))
}

/** The same, fetched when it is not here. @throws what fetching throws */
export async function openedContext(
  job: Pick<Job, 'request'>,
  name: string,
  io: StepIo,
): Promise<Exclude<NamedContext, { kind: 'remote' }> | OpenedContext | undefined> {
  const named = findContext(job, name)
  return named?.kind === 'remote' ? named.open(io) : named
}

/** @throws Fault FROM_VARIABLE for a `--from` with a variable in it */
export function refuseVariable(from: string, at: Place): void {
  if (!/\$(?:\{|\w)/.test(from)) return
  throw new Fault(
    'FROM_VARIABLE',
    'variable expansion is not supported for --from, define a new stage with FROM using ARG from global scope as a workaround',
    { kind: 'invalid', at, hint: `write FROM ${from} AS name above, and --from=name here` },
  )
}
