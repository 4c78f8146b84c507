import { ecosystems } from './ecosystems/index.ts'
import type { Facts } from './facts/index.ts'
import { refuseStages } from './gate/index.ts'
import type { Plan, PlanInput, Planned, RuntimePackage } from './types.ts'

/**
 * Decides how a Dockerfile is split, or why it is not: the stages first, then the first ecosystem that applies. Every
 * refusal has a code and details; nothing is thrown for a project that does not fit.
 */
export function planSlim(input: PlanInput): Planned {
  const stages = refuseStages(input)
  if (stages) return { kind: 'refusal', refusal: stages }
  const objections: string[] = []
  for (const ecosystem of ecosystems) {
    const objection = ecosystem.objection(input)
    if (objection === null) return ecosystem.plan(input)
    objections.push(`${ecosystem.id}: ${objection}`)
  }
  return {
    kind: 'refusal',
    refusal: {
      code: 'unsupported-ecosystem',
      message: 'no way of splitting this kind of project is known yet',
      details: objections,
    },
  }
}

/**
 * The reference of the slim base that a plan would use, so that its tree can be had before planning. Undefined when no
 * ecosystem knows one.
 */
export function leanBaseReference(facts: Facts): string | undefined {
  for (const ecosystem of ecosystems) {
    const reference = ecosystem.leanBase(facts)
    if (reference !== undefined) return reference
  }
  return undefined
}

/** The plan with more packages in its runtime stage; those it has already are not added again. */
export function withRuntimePackages(plan: Plan, packages: readonly RuntimePackage[]): Plan {
  const have = new Set(plan.runtimePackages.map((one) => one.name))
  const added = packages.filter((one) => !have.has(one.name))
  return { ...plan, runtimePackages: [...plan.runtimePackages, ...added] }
}
