import type { Leftover, ProjectInput } from '../types.ts'
import type { Claim, Ecosystem } from './types.ts'

/** An ecosystem that claims the project. */
export type Candidate = { readonly ecosystem: Ecosystem; readonly claim: Claim }

/** Those that claim the project, the surest first, and the fallbacks last. */
export function candidatesFor(
  ecosystems: readonly Ecosystem[],
  project: ProjectInput,
): readonly Candidate[] {
  const claims = ecosystems.flatMap((ecosystem) => {
    const claim = ecosystem.claims(project)
    return claim === null ? [] : [{ ecosystem, claim }]
  })
  const rank = ({ ecosystem, claim }: Candidate): number =>
    ecosystem.fallback ? -1 : claim.confidence
  return claims.sort((a, b) => rank(b) - rank(a))
}

/** What stays behind when `planner` plans: everybody's own leftovers, and those of the others that only helped. */
export function leftoversOf(
  ecosystems: readonly Ecosystem[],
  candidates: readonly Candidate[],
  planner: Ecosystem,
): readonly Leftover[] {
  const helped = new Set(candidates.map((one) => one.ecosystem))
  return ecosystems.flatMap((one) =>
    one.leftovers.filter(({ when }) => when === 'always' || (one !== planner && helped.has(one))),
  )
}
