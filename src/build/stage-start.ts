import { Fault, type Place, withPlace } from '../base/index.ts'
import { type FromInstruction, type Instruction, parseTrigger } from '../dockerfile/index.ts'
import { formatPlatform, parsePlatform } from '../image/index.ts'
import { copyDraft, draftParts } from './copy-draft.ts'
import { everything } from './copy-filter.ts'
import { copyInto } from './copy-plan.ts'
import { selectionDigest } from './copy-select.ts'
import type { StageBase } from './graph.ts'
import { inlineSource } from './inline-source.ts'
import { type Job, placeOf } from './job.ts'
import { layerStep } from './layer-step.ts'
import { findBase, openedContext } from './origin.ts'
import type { BaseImage, CopySource, StepIo } from './ports.ts'
import { imageState, inheritedState, type StageState, scratchState } from './state.ts'
import { suggestName } from './suggest-name.ts'

/** An ONBUILD instruction of a base, with a job whose source is the trigger's own text. */
export type Trigger = { readonly job: Job; readonly instruction: Instruction }

/** What a stage begins with: the state of its base, and the triggers that run directly after FROM. */
export async function stageStart(
  job: Job,
  index: number,
  name: string,
): Promise<{ readonly state: StageState; readonly triggers: readonly Trigger[] }> {
  const item = job.graph.stages[index]
  const base = item?.base
  if (!item || !base || base.kind === 'scratch') return { state: scratchState(), triggers: [] }
  const at = placeOf(job, item.stage.from.image.range)
  if (base.kind === 'stage') {
    const state = await job.stage(base.index)
    return { state: inheritedState(state), triggers: triggersOf(job, state.config.OnBuild, at) }
  }
  if (base.kind === 'image') refuseOtherPlatform(job, base, item.stage.from)
  const reference = base.kind === 'context' ? base.name : base.reference
  const steps = item.stage.instructions.filter(makesStep).length + 1
  const label = `[${name ? `${name} ` : ''}1/${steps}]`
  const io = { step: label, emit: job.emit, signal: job.signal }
  const named = await openedContext(job, reference, io)
  if (named?.kind === 'files')
    return { state: await filesState(job, named.source, { reference, at, label }), triggers: [] }
  const image =
    named?.kind === 'stored'
      ? named.image
      : await resolveBase(job, named?.reference, { reference, at, label })
  fetchEarly(job, image.layers, io)
  return { state: imageState(image), triggers: triggersOf(job, image.config.config.OnBuild, at) }
}

/** Where the result is kept every layer is needed; elsewhere it is likely as soon as what the stage reads was made anew. */
function fetchEarly(job: Job, layers: StageState['layers'], io: StepIo): void {
  if (job.kept) job.fetchAhead(layers)
  else job.early.after(job.stageIndex, () => void job.absent.present(layers, io).catch(() => {}))
}

/** Instructions that make a layer, and so a step that people see. */
export function makesStep(instruction: Instruction): boolean {
  return ['run', 'copy', 'add', 'workdir'].includes(instruction.kind)
}

async function resolveBase(
  job: Job,
  instead: string | undefined,
  {
    reference,
    at,
    label,
  }: { readonly reference: string; readonly at: Place; readonly label: string },
): Promise<BaseImage> {
  const wanted = instead ?? reference
  const title = `FROM ${reference}`
  const io = { step: label, emit: job.emit, signal: job.signal }
  job.emit({ kind: 'step-start', step: label, title })
  try {
    const image = await findBase(job, wanted, { io, title: `${title} (layers)`, at })
    const baseBytes = bytesHere(job, image)
    job.emit({ kind: 'step-end', step: label, title, outcome: 'done', ...baseBytes })
    return image
  } catch (error) {
    const outcome = job.signal?.aborted ? 'canceled' : 'failed'
    job.emit({ kind: 'step-end', step: label, title, outcome })
    throw withPlace(suggestName(error, reference, job), at)
  }
}

/** Nothing when a layer is not here: what a registry says of it is the size of its archive. */
function bytesHere(job: Job, { layers, absent }: BaseImage): { readonly baseBytes?: number } {
  if (absent.length > 0) return {}
  return { baseBytes: layers.reduce((sum, id) => sum + job.ports.store.layer(id).size, 0) }
}

/** A folder in the place of an image: one layer with its files. */
function filesState(
  job: Job,
  source: CopySource,
  {
    reference,
    at,
    label,
  }: { readonly reference: string; readonly at: Place; readonly label: string },
): Promise<StageState> {
  const entry = source.tree.lookup('/')
  const selected = entry ? [{ path: '/', name: '', entry }] : []
  const step = {
    title: `FROM ${reference}`,
    at,
    createdBy: `[context ${reference}]`,
    definition: { op: 'context', files: selectionDigest(source, selected, everything) },
    content: null,
    reads: { content: [], run: [] },
    execute: () => {
      const draft = copyDraft({ lookup: () => undefined }, entry?.mtime ?? 0)
      const options = { destination: '/', owner: null, mode: null, filter: everything }
      for (const item of selected) copyInto(draft, source, item, options)
      const parts = draftParts(draft, inlineSource([]))
      const io = { step: label, emit: job.emit, signal: job.signal }
      return job.ports.steps.copy({ parts, base: [] }, io)
    },
  }
  return layerStep(job, scratchState(), step, label)
}

/** ONBUILD of the base, in order; they are gone from the stage's own configuration. */
function triggersOf(
  job: Job,
  expressions: readonly string[] | undefined,
  at: Place,
): readonly Trigger[] {
  return (expressions ?? []).flatMap((expression) => {
    const { value, diagnostics } = parseTrigger(expression)
    const wrong = diagnostics.find(({ severity }) => severity === 'error')
    if (wrong) throw new Fault(wrong.code, wrong.message, { kind: 'invalid', at, hint: wrong.hint })
    const within: Job = { ...job, source: { name: 'ONBUILD', text: expression } }
    return value.instructions.map((instruction) => {
      if (['from', 'maintainer', 'onbuild', 'unknown'].includes(instruction.kind))
        throw new Fault(
          'ONBUILD_INVALID',
          `${instruction.keyword.toUpperCase()} isn't allowed as an ONBUILD trigger: ${expression}`,
          { kind: 'invalid', at },
        )
      return { job: within, instruction }
    })
  })
}

/** The store has one platform: a base asked for another would silently be this machine's. */
function refuseOtherPlatform(
  job: Job,
  { platform, reference }: Extract<StageBase, { kind: 'image' }>,
  from: FromInstruction,
): void {
  if (platform === null) return
  const own = job.request.platform
  const asked = parsePlatform(platform, own)
  const at = placeOf(job, from.range)
  if (!asked)
    throw new Fault('PLATFORM_UNSUPPORTED', `failed to parse platform ${platform}`, {
      kind: 'invalid',
      at,
      hint: 'write OS/ARCHITECTURE[/VARIANT], e.g. linux/amd64',
    })
  if (asked.os === own.os && asked.architecture === own.architecture) return
  throw new Fault(
    'PLATFORM_UNSUPPORTED',
    `${reference} is asked for ${formatPlatform(asked)}, and this build makes ${formatPlatform(own)}`,
    {
      kind: 'invalid',
      at,
      hint: from.platform?.includes('$')
        ? `--platform=${from.platform} has that value here; RUN is not emulated`
        : 'leave --platform out, or build on a machine of that architecture; RUN is not emulated',
    },
  )
}
