import { isFault, type Json, type Place, positionAt, withPlace } from '../base/index.ts'
import type { Job } from './job.ts'
import { stepKey } from './key.ts'
import { lastOfTitle, missReason, titleKey } from './miss-reason.ts'
import type { FoundStep, LayerId, StepAccount, StepIo, StepRecord } from './ports.ts'
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
  const end = (outcome: 'done' | 'cached' | 'failed' | 'canceled', layer?: LayerId): void => {
    const known = layer !== undefined && job.absent.find(layer) === undefined
    const bytes = known ? { bytes: store.layer(job.absent.known(layer)).size } : {}
    job.emit({ kind: 'step-end', step: label, title: step.title, outcome, ...bytes })
  }
  const note = (account: Pick<StepAccount, 'cached' | 'key' | 'preimage' | 'before'>): void =>
    job.ports.note?.({ ...placeInFile(step.at), label, title: step.title, reuse, ...account })
  try {
    const keep = (record: StepRecord): void =>
      void job.made.push({ ...record, keys: [...new Set([byDefinition.key, record.chain])] })
    const make = async (byContent: StepKey): Promise<StepRecord> => {
      job.early.ran(job.stageIndex)
      await job.absent.present([...step.reads.content, ...step.reads.run], io)
      const layer = await step.execute(io)
      const record: StepRecord = { layer, chain: byContent.key, created: job.request.now }
      remember(job, [byContent, byDefinition], record)
      store.putStep(titleKey(step.title), record, byContent.preimage)
      job.count.ran += 1
      return record
    }
    const find = async (...keys: readonly [StepKey, ...StepKey[]]) =>
      store.findStep(keys[0].key) ?? (await findElsewhere(job, keys, io, () => makeInstead()))
    // Its successors name it by the chain of the step whose layer could not be had.
    const makeInstead = async (): Promise<LayerId> => {
      job.emit({ kind: 'step-start', step: label, title: step.title })
      try {
        const { layer } = await make(await contentKey())
        job.count.cached -= 1
        end('done', layer)
        return layer
      } catch (error) {
        end(job.signal?.aborted ? 'canceled' : 'failed')
        throw job.signal?.aborted ? error : withPlace(error, step.at)
      }
    }
    const contentKey = async (): Promise<StepKey> => {
      if (!step.content) return byDefinition
      await job.absent.present(step.reads.content, io)
      return stepKey({ ...step.content(), parent })
    }
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

type StepKey = ReturnType<typeof stepKey>

function remember({ ports, absent }: Job, keys: readonly StepKey[], record: StepRecord): void {
  const here = { ...record, layer: absent.known(record.layer) }
  for (const { key, preimage } of new Set(keys)) ports.store.putStep(key, here, preimage)
}

/** A record that comes from elsewhere is ours as soon as its layer is here. One that nobody gives any more is made. */
async function findElsewhere(
  job: Job,
  keys: readonly [StepKey, ...StepKey[]],
  io: StepIo,
  make: () => Promise<LayerId>,
): Promise<StepRecord | undefined> {
  const found: FoundStep | undefined = await job.ports.cache?.find(keys[0].key, io)
  if (!found) return undefined
  const { absent, ...record } = found
  if (!absent) {
    remember(job, keys, record)
    return record
  }
  const fetch = async (): Promise<LayerId> => {
    try {
      return await absent.fetch(io)
    } catch (error) {
      job.signal?.throwIfAborted()
      if (!isFault(error)) throw error
      return make()
    }
  }
  job.absent.add({ ...absent, fetch }, (layer) => remember(job, keys, { ...record, layer }))
  if (job.kept) job.fetchAhead([absent.id])
  return record
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
