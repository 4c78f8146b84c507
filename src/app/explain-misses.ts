import { Fault } from '../base/index.ts'
import { type KeyDifference, keyDifferences, type StepAccount } from '../build/index.ts'
import type { BuildAccount, Store } from '../store/index.ts'
import { type ChangedFile, changedFiles } from './changed-files.ts'
import type { Session } from './session.ts'

/** A step of a build, and why it was not in the cache. */
export type MissedStep = Pick<StepAccount, 'label' | 'title' | 'file' | 'line'> & {
  /** Why, in people's words. */
  readonly reasons: readonly string[]
  /** The fields of its key that differ from the last step like it; what a person changed comes first. */
  readonly fields: readonly KeyDifference[]
  /** Which of the files that it copies changed, as far as both layers are still there. */
  readonly files: readonly ChangedFile[]
}

export type BuildMisses = Pick<BuildAccount, 'dockerfile' | 'tags' | 'started' | 'image'> & {
  readonly cached: number
  readonly ran: number
  /** Those that were asked for, in the order of the file. */
  readonly steps: readonly MissedStep[]
}

/**
 * Which steps of a build were not in the cache, and which field of its key made each one miss.
 * @param build a tag that the build gave; default: the last build of all
 * @param step a line of the Dockerfile, or a step as the build shows it (`2/5`, `builder 2/5`)
 * @throws Fault BUILD_UNRECORDED, STEP_UNKNOWN
 */
export function explainMisses(
  session: Pick<Session, 'store'>,
  { build, step }: { readonly build?: string | undefined; readonly step?: string | undefined },
): BuildMisses {
  const { store } = session
  const { account, previous } = findBuild(store, build)
  const { steps, dockerfile, tags, started, image } = account
  const chosen =
    step === undefined ? steps.filter(({ cached }) => !cached) : [findStep(steps, step)]
  const partners = partnersOf(store, steps, previous?.steps ?? [])
  return {
    ...{ dockerfile, tags, started, image },
    cached: steps.filter(({ cached }) => cached).length,
    ran: steps.filter(({ cached }) => !cached).length,
    steps: chosen
      .sort((a, b) => a.line - b.line)
      .map((one) => explainStep(store, one, { steps, before: partners.get(one) ?? one.before })),
  }
}

/** The build, and the one before it of the same Dockerfile and target. */
function findBuild(
  store: Store,
  tag: string | undefined,
): { readonly account: BuildAccount; readonly previous: BuildAccount | undefined } {
  let account: BuildAccount | undefined
  for (const one of store.builds())
    if (account === undefined) {
      if (tag === undefined || namesIt(one, tag)) account = one
    } else if (one.dockerfile === account.dockerfile && one.target === account.target)
      return { account, previous: one }
  if (account) return { account, previous: undefined }
  throw new Fault(
    'BUILD_UNRECORDED',
    tag === undefined ? 'no build is recorded in this store' : `no recorded build made ${tag}`,
    {
      kind: 'invalid',
      hint: 'the store remembers the last 40 builds; build again to see why steps run',
    },
  )
}

function namesIt({ tags, image }: BuildAccount, name: string): boolean {
  return tags.some((tag) => tag === name || tag === `${name}:latest`) || image === name
}

function findStep(steps: readonly StepAccount[], wanted: string): StepAccount {
  const inner = wanted.replace(/^\[|\]$/g, '')
  const found = /^\d+$/.test(wanted)
    ? [...steps].sort((a, b) => a.line - b.line).findLast(({ line }) => line <= Number(wanted))
    : steps.find(({ label }) => label === `[${inner}]` || label.endsWith(` ${inner}]`))
  if (found) return found
  throw new Fault('STEP_UNKNOWN', `the build has no step ${wanted}`, {
    kind: 'invalid',
    hint: `its steps are ${steps.map(({ label, line }) => `${label} (line ${line})`).join(', ')}`,
  })
}

/**
 * For steps whose title is new: the step of the build before that stood in their place. Of what both builds have no
 * counterpart for, the first of a stage with the same keyword is taken.
 */
function partnersOf(
  store: Store,
  steps: readonly StepAccount[],
  previous: readonly StepAccount[],
): ReadonlyMap<StepAccount, NonNullable<StepAccount['before']>> {
  const kind = (step: StepAccount): string => `${stageOf(step)} ${step.title.split(' ', 1)[0]}`
  const titles = new Set(steps.map((step) => `${stageOf(step)} ${step.title}`))
  const free = previous
    .filter((step) => !titles.has(`${stageOf(step)} ${step.title}`))
    .sort(inOrder)
  const partners = new Map<StepAccount, NonNullable<StepAccount['before']>>()
  for (const step of [...steps].sort(inOrder)) {
    if (step.cached || step.before !== null) continue
    const at = free.findIndex((candidate) => kind(candidate) === kind(step))
    const [partner] = at < 0 ? [] : free.splice(at, 1)
    const preimage = partner?.preimage ?? (partner && store.preimage(partner.key))
    if (partner && preimage !== undefined)
      partners.set(step, { preimage, layer: store.findStep(partner.key)?.layer ?? null })
  }
  return partners
}

function explainStep(
  store: Store,
  step: StepAccount,
  { steps, before }: { steps: readonly StepAccount[]; before: StepAccount['before'] },
): MissedStep {
  const { label, title, file, line, key, preimage } = step
  const about = { label, title, file, line }
  const because = (reason: string): MissedStep => ({
    ...about,
    reasons: [reason],
    fields: [],
    files: [],
  })
  if (preimage === null) return because('it came from the cache')
  if (!step.reuse) return because('the cache was not to be asked (--no-cache)')
  if (before === null) return because('it is new: no step like it was built before')
  const fields = keyDifferences(before.preimage, preimage)
  const layer = store.findStep(key)?.layer
  const copies = fields.some(({ field }) => field === 'files')
  const files = copies && layer && before.layer ? changedFiles(store, before.layer, layer) : []
  const gone = 'the record of the step, or its layer, is gone'
  const reasons = fields.map((one) => (one.field === 'parent' ? belowOf(steps, step) : one.says))
  return { ...about, reasons: reasons.length > 0 ? reasons : [gone], fields, files }
}

/** The nearest step of the stage that ran too: what this one follows from. */
function belowOf(steps: readonly StepAccount[], step: StepAccount): string {
  const below = steps
    .filter(
      (one) => !one.cached && stageOf(one) === stageOf(step) && numberOf(one) < numberOf(step),
    )
    .sort(inOrder)
    .at(-1)
  return below
    ? `the step below it ran again (line ${below.line})`
    : 'the step or image below it is another one'
}

/** `builder` of `[builder 2/5]`, the empty text of `[2/5]`. */
function stageOf({ label }: StepAccount): string {
  return label.slice(1).split(' ').slice(0, -1).join(' ')
}

function numberOf({ label }: StepAccount): number {
  return Number.parseInt(label.slice(1).split(' ').at(-1) ?? '', 10)
}

function inOrder(a: StepAccount, b: StepAccount): number {
  return numberOf(a) - numberOf(b)
}
