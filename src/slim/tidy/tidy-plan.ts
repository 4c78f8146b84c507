import { chooseBase } from '../bases/index.ts'
import type { StageFacts } from '../facts/index.ts'
import { estimateOf, refuseSmallGain } from '../gate/index.ts'
import {
  leanBaseOf,
  librariesFor,
  parityLines,
  type Recipe,
  runtimePackages,
  surveyRuns,
} from '../split/index.ts'
import { keptFiles } from '../system/index.ts'
import type { Plan, PlanInput, Planned, Refusal, Step } from '../types.ts'
import { wheelSteps } from './wheel-copies.ts'
import { wideSteps } from './wide-copies.ts'

/**
 * Nothing tells which of the copied system's files the app counts on, so no proof can say that the narrow image is the
 * same; what the image's files ask for is the advice.
 */
function wholeSystem(
  { facts }: PlanInput,
  stage: StageFacts,
  steps: readonly Step[],
  { runtimePackages }: Plan,
): Refusal {
  const [first] = steps
  const at = stage.instructions[first?.instruction ?? 0]?.instruction.range.start ?? 0
  const line = facts.dockerfile.text.slice(0, at).split('\n').length
  const lines = steps.flatMap(({ runtime }) =>
    runtime.flatMap((one) => (one.kind === 'text' ? [one.text] : [])),
  )
  const packages = runtimePackages.map((one) => one.name).join(' ')
  return {
    code: 'whole-system-copied',
    message: `line ${line} copies a whole system, tool chain included, over the base of the last stage`,
    details: [
      'write instead, and prove it with jettison prove:',
      ...(packages === '' ? [] : [`install ${packages}`]),
      ...lines,
    ],
  }
}

/**
 * Plans for a last stage that only collects what other stages made: wheels are mounted instead of copied, a fat base
 * gives way to its lean relative. `COPY --from=builder / /` is refused with advice.
 * @returns undefined when the last stage builds something itself, or leaks in none of these ways
 */
export function tidyPlan(input: PlanInput): Planned | undefined {
  const { facts } = input
  const stage = facts.stages.at(-1)
  if (!stage || facts.stages.length === 1 || facts.chain.length > 1) return undefined
  const base = chooseBase(input, stage)
  if ('code' in base) return undefined
  const recipe: Recipe = { ecosystem: 'stages', base }
  const lean = leanBaseOf(input, recipe)
  const survey = surveyRuns(input, stage, lean, recipe)
  if ('code' in survey || survey.named.some((one) => one.buildOnly)) return undefined
  const wide = wideSteps(input, stage)
  const steps = [...wide, ...wheelSteps(input, stage)]
  if (steps.length === 0 && (base.kind === 'same' || survey.cut !== -1)) return undefined
  const made = tidied(input, stage, { recipe, lean, survey: { ...survey, cut: Infinity }, steps })
  if (wide.length > 0 && !('code' in made))
    return { kind: 'refusal', refusal: wholeSystem(input, stage, wide, made), ecosystem: 'stages' }
  if (!('code' in made)) return { kind: 'plan', plan: made }
  return base.kind === 'same' ? undefined : { kind: 'refusal', refusal: made }
}

function tidied(
  input: PlanInput,
  stage: StageFacts,
  {
    recipe,
    lean,
    survey,
    steps,
  }: {
    readonly recipe: Recipe
    readonly lean: ReturnType<typeof leanBaseOf>
    readonly survey: Exclude<ReturnType<typeof surveyRuns>, Refusal>
    readonly steps: readonly Step[]
  },
): Plan | Refusal {
  const { facts, fatTree: tree, fatDb: db } = input
  const kept = keptFiles(tree, db, facts.baseLayers, input.leftovers)
  const libraries = librariesFor(input, recipe, lean, kept)
  const own = new Set(survey.named.map((one) => one.name))
  const packages = runtimePackages(input, {
    ...{ lean, kept, libraries, recipe },
    survey: { ...survey, named: [] },
  })
  const estimate = estimateOf({ tree, db, lean, kept, packages: [...packages.all, ...own] })
  // What a later line removes is not among the image's files, and still in one of its layers.
  const hidden = steps.some(({ instruction }) => removesFiles(stage, instruction))
  const small = hidden ? null : refuseSmallGain(estimate)
  if (small) return small
  const name = stage.stage.from.as?.text ?? ''
  return {
    ecosystem: recipe.ecosystem,
    chain: facts.chain.map((one) => one.index),
    builder: { name },
    runtime: { name, from: recipe.base.text, reference: recipe.base.reference },
    inPlace: true,
    shared: [],
    rest: steps,
    start: parityLines(input, stage, recipe),
    manager: facts.system.id === 'alpine' ? 'apk' : 'apt',
    runtimePackages: packages.needed.filter((one) => !own.has(one.name)),
    buildPackages: [],
    upgradesSystem: false,
    needsVersionControl: false,
    estimate: hidden ? null : estimate,
    notes: recipe.base.notes,
  }
}

function removesFiles({ instructions }: StageFacts, index: number): boolean {
  return instructions[index]?.run?.commands?.some(({ name }) => name === 'rm') ?? false
}
