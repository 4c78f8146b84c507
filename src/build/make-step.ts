import { isFault, withPlace } from '../base/index.ts'
import type { Job } from './job.ts'
import { stepKey } from './key.ts'
import type { LayerStep } from './layer-step.ts'
import { titleKey } from './miss-reason.ts'
import type { FoundStep, LayerId, StepIo, StepRecord } from './ports.ts'

export type StepKey = ReturnType<typeof stepKey>

export type EndStep = (
  outcome: 'done' | 'cached' | 'failed' | 'canceled',
  layer?: LayerId | undefined,
) => void

/** How a step is made, once it is known that nobody has it; what it reads is fetched before. */
export type Maker = {
  /** The definition key where there is no other. */
  readonly contentKey: () => Promise<StepKey>
  /** Runs the step and records it under both of its keys. */
  readonly make: (byContent: StepKey) => Promise<StepRecord>
  /** The same later, for a step that counted as cached, and whose layer cannot be had after all. */
  readonly makeInstead: () => Promise<LayerId>
}

export function makerOf(
  job: Job,
  step: LayerStep,
  of: {
    readonly io: StepIo
    readonly end: EndStep
    readonly parent: StepRecord['chain'] | null
    readonly byDefinition: StepKey
  },
): Maker {
  const { io, end, parent, byDefinition } = of
  const contentKey = async (): Promise<StepKey> => {
    if (!step.content) return byDefinition
    await job.absent.present(step.reads.content, io)
    return stepKey({ ...step.content(), parent })
  }
  const make: Maker['make'] = async (byContent) => {
    job.early.ran(job.stageIndex)
    await job.absent.present([...step.reads.content, ...step.reads.run], io)
    const layer = await step.execute(io)
    const record: StepRecord = { layer, chain: byContent.key, created: job.request.now }
    remember(job, [byContent, byDefinition], record)
    job.ports.store.putStep(titleKey(step.title), record, byContent.preimage)
    job.count.ran += 1
    return record
  }
  const makeInstead = async (): Promise<LayerId> => {
    job.emit({ kind: 'step-start', step: io.step, title: step.title })
    try {
      // Its successors name it by the chain of the step whose layer could not be had.
      const { layer } = await make(await contentKey())
      job.count.cached -= 1
      end('done', layer)
      return layer
    } catch (error) {
      end(job.signal?.aborted ? 'canceled' : 'failed')
      throw job.signal?.aborted ? error : withPlace(error, step.at)
    }
  }
  return { contentKey, make, makeInstead }
}

/** The same record under several keys. */
export function remember(
  { ports, absent }: Job,
  keys: readonly StepKey[],
  record: StepRecord,
): void {
  const here = { ...record, layer: absent.known(record.layer) }
  for (const { key, preimage } of new Set(keys)) ports.store.putStep(key, here, preimage)
}

/**
 * Asks those who have steps that were made elsewhere. Such a record is ours as soon as its layer is here; one whose layer
 * nobody gives any more is made.
 */
export async function findElsewhere(
  job: Job,
  keys: readonly [StepKey, ...StepKey[]],
  io: StepIo,
  makeInstead: Maker['makeInstead'],
): Promise<StepRecord | undefined> {
  const [{ key }] = keys
  const found: FoundStep | undefined = await job.ports.cache?.find(key, io)
  if (!found) return undefined
  const { absent, ...record } = found
  if (!absent) {
    remember(job, keys, record)
    return record
  }
  // Not shared with other steps that made the same bytes: each would be made in its own way.
  const id = `${absent.id} ${key}` as LayerId
  const fetch = async (): Promise<LayerId> => {
    try {
      return await absent.fetch(io)
    } catch (error) {
      job.signal?.throwIfAborted()
      if (!isFault(error)) throw error
      return makeInstead()
    }
  }
  job.absent.add({ ...absent, id, fetch }, (layer) => remember(job, keys, { ...record, layer }))
  if (job.kept) job.fetchAhead([id])
  return { ...record, layer: id }
}
