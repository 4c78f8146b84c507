import type { ChosenBase } from './bases/index.ts'
import { candidatesFor, ecosystems, leftoversOf } from './ecosystems/index.ts'
import { refuseStages, refuseUnprovable } from './gate/index.ts'
import { tidyPlan } from './tidy/index.ts'
import type { Plan, PlanInput, Planned, ProjectInput, Refusal, RuntimePackage } from './types.ts'

/** Refusals that another way of splitting may not have to make. */
const ofForm: ReadonlySet<Refusal['code']> = new Set(['unsupported-ecosystem', 'unsupported-step'])

/**
 * Decides how a Dockerfile is split, or why it is not: the stages first, then the ecosystem that claims the project most
 * surely, then the fallback where that one cannot read its form. Every refusal has a code and details; nothing is
 * thrown for a project that does not fit.
 */
export function planSlim(input: PlanInput): Planned {
  const planned = chosenPlan(input)
  const unprovable = planned.kind === 'plan' ? refuseUnprovable(input) : null
  return unprovable ? { kind: 'refusal', refusal: unprovable } : planned
}

function chosenPlan(input: PlanInput): Planned {
  const tidied = tidyPlan(input)
  if (tidied) return tidied
  const stages = refuseStages(input)
  if (stages) return { kind: 'refusal', refusal: stages }
  const candidates = candidatesFor(ecosystems, input)
  let first: Planned | undefined
  for (const { ecosystem } of candidates) {
    if (first && !ecosystem.fallback) continue
    const leftovers = leftoversOf(ecosystems, candidates, ecosystem)
    const planned = named(ecosystem.plan({ ...input, leftovers }), ecosystem.name)
    if (planned.kind === 'plan' || !ofForm.has(planned.refusal.code))
      return planned.kind === 'plan' || !first ? planned : first
    first ??= planned
  }
  return first ?? { kind: 'refusal', refusal: unclaimed() }
}

function named(planned: Planned, ecosystem: string): Planned {
  return planned.kind === 'plan' ? planned : { ...planned, ecosystem }
}

function unclaimed(): Refusal {
  return {
    code: 'unsupported-ecosystem',
    message: 'no way of splitting this kind of project is known yet',
    details: [`jettison knows ${ecosystems.map((one) => one.name).join(', ')}`],
  }
}

/**
 * The reference of the lean base that a plan would use, so that its tree can be had before planning. Undefined when no
 * ecosystem knows one.
 */
export function leanBaseReference(project: ProjectInput): string | undefined {
  const [surest] = candidatesFor(ecosystems, project)
  const base: ChosenBase | Refusal | undefined = surest?.ecosystem.base(project)
  return base === undefined || 'code' in base ? undefined : base.reference
}

/** The plan with more packages in its runtime stage; those it has already are not added again. */
export function withRuntimePackages(plan: Plan, packages: readonly RuntimePackage[]): Plan {
  const have = new Set(plan.runtimePackages.map((one) => one.name))
  const added = packages.filter((one) => !have.has(one.name))
  return { ...plan, runtimePackages: [...plan.runtimePackages, ...added] }
}
