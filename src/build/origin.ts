import { Fault, type Place, withPlace } from '../base/index.ts'
import { findStage, laterStage } from './graph.ts'
import type { Job } from './job.ts'
import { layersSource } from './layers-source.ts'
import type { AbsentLayer, BaseImage, CopySource, LayerId, StepIo } from './ports.ts'
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
      return { source: sourceOf(job, layers), definition: chain, layers }
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
    if (/^\d+$/.test(name)) throw wrongIndex(name, stageIndex)
    if (name.toLowerCase() === 'scratch')
      return { source: sourceOf(job, []), definition: 'scratch', layers: [] }
    return await imageOrigin(job, name, at, io)
  } catch (error) {
    throw withPlace(suggestName(error, name, job), at)
  }
}

function wrongIndex(name: string, stageIndex: number): Fault {
  if (Number(name) === stageIndex)
    return new Fault('STAGE_INDEX', `circular dependency: stage ${name} reads its own files`, {
      kind: 'invalid',
      hint: 'give the stage that has the files another FROM line above this one',
    })
  const last = stageIndex - 1
  return new Fault('STAGE_INDEX', `invalid stage index ${name}`, {
    kind: 'invalid',
    hint:
      last < 0
        ? 'no stage stands before this one'
        : `only ${last === 0 ? 'stage 0 stands' : `the stages 0 to ${last} stand`} before this one`,
  })
}

async function imageOrigin(job: Job, name: string, at: Place, io: StepIo): Promise<Origin> {
  const named = await openedContext(job, name, io)
  if (named?.kind === 'files') return { source: named.source, definition: null, layers: null }
  const image =
    named?.kind === 'stored'
      ? named.image
      : await findBase(job, named?.reference ?? name, { io, title: `pull ${name}`, at })
  const source = sourceOf(job, image.layers)
  return { source, definition: image.id, layers: image.layers }
}

function sourceOf({ ports, absent }: Job, layers: readonly LayerId[]): CopySource {
  return layersSource(ports.store, () => absent.here(layers))
}

/**
 * The image of a reference; layers that are not here are fetched when something reads them. A fetch is shown as a step
 * of its own, and its faults have the place of who named the image first.
 */
export async function findBase(
  job: Pick<Job, 'ports' | 'absent' | 'emit'>,
  reference: string,
  shown: { readonly io: StepIo; readonly title: string; readonly at: Place },
): Promise<BaseImage> {
  const { bases } = job.ports
  if (!bases.find) return { ...(await bases.resolve(reference, shown.io)), absent: [] }
  const image = await bases.find(reference, shown.io)
  let fetching: Promise<unknown> | undefined
  for (const layer of image.absent) {
    const fetch: AbsentLayer['fetch'] = async (io) => {
      const here = layer.fetch({ ...io, step: shown.io.step })
      // What it fails of is told by the one fetch that is shown.
      here.catch(() => {})
      fetching ??= showFetch(job, here, shown)
      await fetching
      return here
    }
    job.absent.add({ ...layer, fetch })
  }
  return image
}

async function showFetch(
  { emit }: Pick<Job, 'emit'>,
  fetching: Promise<unknown>,
  { io, title, at }: { readonly io: StepIo; readonly title: string; readonly at: Place },
): Promise<void> {
  const { step, signal } = io
  emit({ kind: 'step-start', step, title })
  try {
    await fetching
    emit({ kind: 'step-end', step, title, outcome: 'done' })
  } catch (error) {
    emit({ kind: 'step-end', step, title, outcome: signal?.aborted ? 'canceled' : 'failed' })
    throw signal?.aborted ? error : withPlace(error, at)
  }
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
