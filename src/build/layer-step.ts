import { type Json, type Place, positionAt, withPlace } from '../base/index.ts'
import type { Job } from './job.ts'
import { stepKey } from './key.ts'
import { type EndStep, findElsewhere, makerOf, remember, type StepKey } from './make-step.ts'
import { lastOfTitle, missReason } from './miss-reason.ts'
import type { LayerId, StepAccount, StepIo, StepRecord } from './ports.ts'
import { type StageState, withLayer } from './state.ts'

/** One step that makes a layer, before it is known whether the cache has it. */
export type LayerStep = {
  /** For people: `RUN pip install -r requirements.txt`. */
  readonly title: string
  /** The instruction. */
  readonly at: Place
  /** For history. */
  readonly createdBy: string
  /** Names stages by their keys: cheap, and enough for an unchanged build. */
  readonly definition: { readonly [name: string]: Json | undefined }
  /** Names copied bytes by their digest; null when the definition does so already. */
  readonly content: (() => { readonly [name: string]: Json | undefined }) | null
  /** Layers that `content` reads, and those that running the step reads besides: fetched before, where they are absent. */
  readonly reads: { readonly content: readonly LayerId[]; readonly run: readonly LayerId[] }
  /** The layer does not depend on what is below it: `COPY --link`. */
  readonly independent?: boolean
  readonly execute: (io: StepIo) => Promise<LayerId>
}

/** Finds the step in the cache by either key, or runs it and records it under both. */
export async function layerStep(
  job: Job,
  state: StageState,
  step: LayerStep,
  label: string,
): Promise<StageState> {
  job.signal?.throwIfAborted()
  const { store } = job.ports
  const parent = step.independent ? null : state.chain
  const byDefinition = stepKey({ ...step.definition, parent })
  const reuse = !(job.request.noCache || ignoresCache(job, label))
  const after = (record: StepRecord): StageState => {
    const chain = step.independent
      ? stepKey({ op: 'link', parent: state.chain, layer: record.chain }).key
      : record.chain
    return withLayer(state, step.createdBy, { ...record, chain }, job.created)
  }
  const io: StepIo = { step: label, emit: job.emit, signal: job.signal }
  job.emit({ kind: 'step-start', step: label, title: step.title })
  const end: EndStep = (outcome, layer) => {
    const known = layer !== undefined && job.absent.find(layer) === undefined
    const bytes = known ? { bytes: store.layer(job.absent.known(layer)).size } : {}
    const { line } = placeInFile(step.at)
    job.emit({ kind: 'step-end', step: label, title: step.title, outcome, line, ...bytes })
  }
  const note = (account: Pick<StepAccount, 'cached' | 'key' | 'preimage' | 'before'>): void =>
    job.ports.note?.({ ...placeInFile(step.at), label, title: step.title, reuse, ...account })
  try {
    const keep = (record: StepRecord): void => {
      job.made.push({ ...record, keys: [...new Set([byDefinition.key, record.chain])] })
      job.madeAt.set(record.layer, step.at)
    }
    const { make, contentKey, makeInstead } = makerOf(job, step, { io, end, parent, byDefinition })
    const find = async (...keys: readonly [StepKey, ...StepKey[]]) =>
      store.findStep(keys[0].key) ?? (await findElsewhere(job, keys, io, makeInstead))
    const hit = reuse ? await find(byDefinition) : undefined
    if (hit) {
      keep(hit)
      job.count.cached += 1
      note({ cached: true, key: hit.chain, preimage: null, before: null })
      end('cached', hit.layer)
      return after(hit)
    }
    const byContent = await contentKey()
    const same = step.content && reuse ? await find(byContent, byDefinition) : undefined
    if (same) {
      keep(same)
      if (job.absent.find(same.layer) === undefined) remember(job, [byDefinition], same)
      job.count.cached += 1
      note({ cached: true, key: same.chain, preimage: null, before: null })
      end('cached', same.layer)
      return after(same)
    }
    const before = lastOfTitle(store, step.title)
    note({ cached: false, key: byContent.key, preimage: byContent.preimage, before })
    if (job.request.why && reuse) explainMiss(job, label, step.title, { before, now: byContent })
    const record = await make(byContent)
    keep(record)
    end('done', record.layer)
    return after(record)
  } catch (error) {
    end(job.signal?.aborted ? 'canceled' : 'failed')
    throw error
  }
}

function explainMiss(
  job: Job,
  label: string,
  title: string,
  { before, now }: { readonly before: StepAccount['before']; readonly now: { preimage: Json } },
): void {
  job.emit({
    kind: 'notice',
    level: 'info',
    code: 'CACHE_MISS',
    message: `${label} ${title.split('\n', 1)[0] ?? ''}: ${missReason(before?.preimage, now.preimage)}`,
  })
}

function placeInFile({ source, range }: Place): { readonly file: string; readonly line: number } {
  return { file: source.name, line: positionAt(source.text, range?.start ?? 0).line }
}

/** `--no-cache-filter` names stages; a step's label begins with its stage. */
function ignoresCache(job: Job, label: string): boolean {
  return job.request.noCacheStages.some((name) => label.startsWith(`[${name.toLowerCase()} `))
}

/** Runs a planner; its faults get the place of the instruction when they have none. */
export function placed<T>(work: () => T, at: Place): T {
  try {
    return work()
  } catch (error) {
    throw withPlace(error, at)
  }
}
