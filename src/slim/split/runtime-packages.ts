import type { TreeEntry } from '../../image/index.ts'
import {
  dependenciesOf,
  type LeanBase,
  type LibraryNeed,
  programNeeds,
  withoutImplied,
} from '../system/index.ts'
import type { PackageReason, PlanInput, RuntimePackage } from '../types.ts'
import { servesBuilderOnly } from './fetchers.ts'
import type { Survey } from './survey.ts'
import type { Recipe } from './types.ts'

/** What the runtime's packages are inferred from. */
export type PackageEvidence = {
  readonly lean: LeanBase
  readonly kept: readonly TreeEntry[]
  readonly libraries: readonly LibraryNeed[]
  readonly survey: Survey
  readonly recipe: Recipe
}

/**
 * The packages of the runtime stage. `needed` is what its own RUN installs; `all` has also those that a line after the
 * cut installs, for the estimate.
 */
export function runtimePackages(
  input: PlanInput,
  evidence: PackageEvidence,
): { readonly needed: readonly RuntimePackage[]; readonly all: readonly string[] } {
  const { lean, kept, survey, recipe } = evidence
  const { fatDb: db } = input
  const reasons = evidenceFor(input, evidence)
  const stays = survey.named.filter((one) => !one.buildOnly && !lean.hasPackage(one.name))
  const later = new Set(stays.filter((one) => one.instruction > survey.cut).map((one) => one.name))
  const early = stays.filter(
    ({ name, instruction }) =>
      instruction <= survey.cut &&
      (reasons.has(name) ||
        !(recipe.buildOnly?.(name) || servesBuilderOnly(name, input, kept, survey))),
  )
  for (const { name } of early) if (!reasons.has(name)) reasons.set(name, [{ kind: 'named' }])
  const texts = new Map(early.map((one) => [one.name, one.text]))
  const explicit = new Set(early.map((one) => one.name))
  const implied = new Set([...later].flatMap((name) => [name, ...dependenciesOf(db, name)]))
  const names = [...reasons.keys()].sort((a, b) => (a < b ? -1 : 1))
  const least = new Set(withoutImplied(db, names))
  const needed = names
    .filter((name) => explicit.has(name) || (least.has(name) && !implied.has(name)))
    .map((name) => ({ name, text: texts.get(name) ?? name, because: reasons.get(name) ?? [] }))
  return { needed, all: [...new Set([...needed.map((one) => one.name), ...later])] }
}

/** Packages that something in the image needs, with everything that does. */
function evidenceFor(
  { facts, fatTree: tree, fatDb: db }: PlanInput,
  { lean, libraries, recipe }: PackageEvidence,
): Map<string, readonly PackageReason[]> {
  const reasons = new Map<string, readonly PackageReason[]>()
  const add = (name: string, ...more: readonly PackageReason[]): void => {
    const before = reasons.get(name) ?? []
    // A program also has the names of the libraries that it links in it.
    const linked = new Set(before.map((one) => (one.kind === 'library' ? one.soname : '')))
    const fresh = more.filter((one) => one.kind !== 'opened' || !linked.has(one.what))
    reasons.set(name, [...before, ...fresh])
  }
  const ownerOf = recipe.ownerOf ?? (() => ({ distribution: null, requirement: null }))
  for (const { package: name, soname, neededBy } of libraries)
    if (name !== null && !lean.hasPackage(name))
      add(name, { kind: 'library', soname, neededBy, ...ownerOf(neededBy[0] ?? '') })
  for (const need of recipe.opened ?? [])
    add(need.package, { kind: 'opened', what: need.what, distribution: need.by })
  const { config } = facts
  for (const { program, package: name, calledBy } of programNeeds({ config, tree, db, lean }))
    if (!lean.hasPackage(name)) add(name, { kind: 'program', program, calledBy })
  for (const [name, because] of recipe.packages ?? [])
    if (!lean.hasPackage(name)) add(name, ...because)
  return reasons
}
