import type { PythonDistribution } from '../../../analysis/index.ts'
import { dependenciesOf, openedNeeds, programNeeds, withoutImplied } from '../../system/index.ts'
import type { PackageReason, PlanInput, RuntimePackage } from '../../types.ts'
import type { PythonEvidence } from './evidence.ts'
import { servesBuilderOnly } from './fetchers.ts'
import type { Requirement } from './requirements.ts'
import type { Survey } from './survey.ts'

/**
 * The packages of the runtime stage. `needed` is what its own RUN installs; `all` has also those that a line after the
 * cut installs, for the estimate.
 */
export function runtimePackages(
  input: PlanInput,
  {
    evidence,
    survey,
    requirements,
  }: {
    readonly evidence: PythonEvidence
    readonly survey: Survey
    readonly requirements: readonly Requirement[]
  },
): { readonly needed: readonly RuntimePackage[]; readonly all: readonly string[] } {
  const { lean } = evidence
  const { fatDb: db } = input
  const reasons = evidenceFor(input, evidence, requirements)
  const stays = survey.named.filter((one) => !one.buildOnly && !lean.hasPackage(one.name))
  const later = new Set(stays.filter((one) => one.instruction > survey.cut).map((one) => one.name))
  const early = stays.filter(
    ({ name, instruction }) =>
      instruction <= survey.cut &&
      (reasons.has(name) || !servesBuilderOnly(name, input, evidence, survey)),
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
  { lean, libraries, distributions, sources }: PythonEvidence,
  requirements: readonly Requirement[],
): Map<string, readonly PackageReason[]> {
  const { config } = facts
  const reasons = new Map<string, readonly PackageReason[]>()
  const add = (name: string, reason: PackageReason): void => {
    reasons.set(name, [...(reasons.get(name) ?? []), reason])
  }
  for (const { package: name, soname, neededBy } of libraries)
    if (name !== null && !lean.hasPackage(name))
      add(name, {
        kind: 'library',
        soname,
        neededBy,
        ...ownerOf(neededBy[0] ?? '', distributions, requirements),
      })
  for (const need of openedNeeds({ config, tree, db, lean, distributions, sources }))
    add(need.package, { kind: 'opened', what: need.what, distribution: need.by })
  for (const { program, package: name, calledBy } of programNeeds({ config, tree, db, lean }))
    if (!lean.hasPackage(name)) add(name, { kind: 'program', program, calledBy })
  return reasons
}

/** The distribution that lists a file, and the requirement that asked for it. */
function ownerOf(
  path: string,
  distributions: readonly PythonDistribution[],
  requirements: readonly Requirement[],
): { readonly distribution: string | null; readonly requirement: string | null } {
  const owner = distributions.find((one) => one.files.includes(path))
  if (!owner) return { distribution: null, requirement: null }
  const asked = requirements.find((one) => one.name === owner.key)
  return { distribution: `${owner.name} ${owner.version}`, requirement: asked?.at ?? null }
}
