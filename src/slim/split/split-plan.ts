import { readElfAt } from '../../analysis/index.ts'
import { formatSize } from '../../base/index.ts'
import type { FileTree, TreeEntry } from '../../image/index.ts'
import type { StageFacts } from '../facts/index.ts'
import { estimateOf, refuseSmallGain } from '../gate/index.ts'
import { lineBreakOf } from '../rewrite/index.ts'
import { buildPackages, keptFiles, type LeanBase, leanBase, libraryNeeds } from '../system/index.ts'
import type { Plan, PlanInput, Planned, Refusal } from '../types.ts'
import { copiesOf } from './copies.ts'
import { type Division, division } from './division.ts'
import { parityLines } from './parity.ts'
import { restSteps } from './rest-steps.ts'
import type { RunText } from './run-text.ts'
import { runtimePackages } from './runtime-packages.ts'
import { sharedSteps } from './steps.ts'
import { type Survey, surveyRuns } from './survey.ts'
import type { Recipe } from './types.ts'

/**
 * Splits the last stage by a recipe. The builder is the fat text with what it does not need taken out; the runtime is
 * the lean base, the system packages that what is kept needs, what the builder left and is kept, and the instructions
 * that only the runtime carries out. Refuses a line that cannot be split, and a gain that is too small.
 */
export function splitPlan(input: PlanInput, recipe: Recipe): Planned {
  const made = makePlan(input, recipe)
  return 'code' in made ? { kind: 'refusal', refusal: made } : { kind: 'plan', plan: made }
}

function makePlan(input: PlanInput, recipe: Recipe): Plan | Refusal {
  const { facts, fatTree: tree, fatDb: db } = input
  const stage = facts.stages.at(-1)
  if (!stage) throw new TypeError('planned without a stage')
  const lean = leanBaseOf(input, recipe)
  const survey = surveyRuns(input, stage, lean, recipe)
  if ('code' in survey) return survey
  const kept = keptFiles(tree, db, facts.baseLayers, input.leftovers).filter(
    ({ path }) => recipe.keeps?.(path) ?? true,
  )
  const libraries = librariesFor(input, recipe, lean, kept)
  const packages = runtimePackages(input, { lean, kept, libraries, survey, recipe })
  const tools = buildPackages(survey.named)
  const objection =
    recipe.refuse?.({
      ...{ lean, kept, runs: survey.runs },
      buildPackages: tools,
      runtimePackages: packages.needed,
    }) ?? (survey.cut === -1 ? nothingBuilt() : null)
  if (objection) return objection
  const steps = placeSteps(input, stage, survey, recipe)
  if ('code' in steps) return steps
  const estimate = estimateOf({ tree, db, lean, kept, packages: packages.all })
  const small = refuseSmallGain(estimate)
  if (small) return small
  return {
    ecosystem: recipe.ecosystem,
    chain: facts.chain.map((one) => one.index),
    builder: { name: steps.names.builder, end: recipe.builderEnd ?? [] },
    runtime: {
      name: steps.names.runtime,
      from: recipe.base.text,
      reference: recipe.base.reference,
    },
    shared: steps.shared,
    rest: steps.rest,
    manager: facts.system.id === 'alpine' ? 'apk' : 'apt',
    runtimePackages: packages.needed,
    buildPackages: tools,
    upgradesSystem: survey.upgradesSystem,
    needsVersionControl: recipe.needsVersionControl?.() ?? false,
    estimate,
    notes: [
      ...recipe.base.notes,
      ...(recipe.notes?.() ?? []),
      ...(estimate
        ? [`about ${formatSize(estimate.leanBytes)} instead of ${formatSize(estimate.fatBytes)}`]
        : []),
    ],
  }
}

/** The lean base as a recipe's plan sees it. */
export function leanBaseOf(input: PlanInput, { base }: Pick<Recipe, 'base'>): LeanBase {
  const { facts, fatTree, fatDb, leanBaseTree: tree } = input
  return leanBase({ tree, fatTree, fatDb, baseLayers: facts.baseLayers, reference: base.reference })
}

/** Libraries of the fat image that the kept files need and the lean base lacks. */
export function librariesFor(
  { facts, fatTree: tree, fatDb: db }: PlanInput,
  recipe: Recipe,
  lean: LeanBase,
  kept: readonly TreeEntry[],
): ReturnType<typeof libraryNeeds> {
  return libraryNeeds({
    ...{ tree, db, lean },
    roots: recipe.roots ?? elfFiles(tree, kept),
    env: facts.config.config.Env ?? [],
    host: recipe.host,
  })
}

function elfFiles(tree: FileTree, kept: readonly TreeEntry[]): readonly string[] {
  return kept.filter(({ path }) => readElfAt(tree, path)).map(({ path }) => path)
}

function nothingBuilt(): Refusal {
  return {
    code: 'slim-base-is-enough',
    message: 'nothing is built in the image, so a lean base and a .dockerignore are enough',
    details: ['no RUN builds, installs or downloads anything for the app'],
  }
}

/** Decides for every instruction what the builder and what the runtime gets. */
function placeSteps(
  input: PlanInput,
  stage: StageFacts,
  survey: Survey,
  recipe: Recipe,
): Refusal | (Pick<Plan, 'shared' | 'rest'> & { readonly names: Division['names'] }) {
  const { facts } = input
  const { runs } = survey
  const { cut, names } = division(facts, survey.cut)
  const text: RunText = {
    dockerfile: facts.dockerfile,
    eol: lineBreakOf(facts.dockerfile.text),
    builder: names.builder,
    prepare: recipe.prepare,
  }
  const copies = copiesOf(input, stage, { survey, recipe, builder: names.builder })
  const parity = parityLines(input, stage, recipe)
  const shared = sharedSteps({ facts, stage, runs, cut, text, copies, recipe, parity })
  if ('code' in shared) return shared
  const rest = restSteps({ facts, stage, survey: { ...survey, cut }, text })
  return 'code' in rest ? rest : { names, shared, rest }
}
