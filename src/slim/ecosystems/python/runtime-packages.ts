import type { PythonDistribution } from '../../../analysis/index.ts'
import { dependenciesOf, programNeeds, withoutImplied } from '../../system/index.ts'
import type { PackageReason, PlanInput, RuntimePackage } from '../../types.ts'
import type { PythonEvidence } from './evidence.ts'
import type { Requirement } from './requirements.ts'
import type { Survey } from './survey.ts'

/**
 * The packages of the runtime stage. `needed` is what its own RUN installs; `all` has also those that a line after the
 * cut installs, for the estimate.
 */
export function runtimePackages(
  { facts, fatTree: tree, fatDb: db }: PlanInput,
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
  const reasons = new Map<string, PackageReason[]>()
  const add = (name: string, reason: PackageReason): void => {
    reasons.set(name, [...(reasons.get(name) ?? []), reason])
  }
  for (const need of evidence.libraries)
    if (need.package !== null && !lean.hasPackage(need.package))
      add(need.package, {
        kind: 'library',
        soname: need.soname,
        neededBy: need.neededBy,
        ...ownerOf(need.neededBy[0] ?? '', evidence.distributions, requirements),
      })
  for (const { program, package: name, calledBy } of programNeeds({
    config: facts.config,
    tree,
    db,
    lean,
  }))
    if (!lean.hasPackage(name)) add(name, { kind: 'program', program, calledBy })
  const stays = survey.named.filter((one) => !one.buildOnly && !lean.hasPackage(one.name))
  const later = new Set(stays.filter((one) => one.instruction > survey.cut).map((one) => one.name))
  const early = stays.filter((one) => one.instruction <= survey.cut)
  for (const { name } of early) if (!reasons.has(name)) add(name, { kind: 'named' })
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
