import { findProgram, librariesOf, type PackageDatabase } from '../analysis/index.ts'
import { type FileTree, type ImageConfig, resolvePath } from '../image/index.ts'
import type { Missing } from '../proof/index.ts'
import { withRuntimePackages } from './plan.ts'
import type { Plan, RuntimePackage } from './types.ts'

/** A plan with what a proof found missing, and what was added. */
export type Repair = { readonly plan: Plan; readonly added: readonly RuntimePackage[] }

/**
 * Adds the packages that own what the lean image lacks, as the fat image's database has them.
 * @returns undefined when nothing can be added: then the plan is wrong in another way, and is not tried again
 */
export function repairPlan(
  plan: Plan,
  missing: readonly Missing[],
  fat: { readonly tree: FileTree; readonly db: PackageDatabase; readonly config: ImageConfig },
): Repair | undefined {
  const added = new Map<string, RuntimePackage>()
  for (const one of missing) {
    const found = packageOf(one, fat)
    const [what, name] = found ?? []
    if (what === undefined || name === undefined || added.has(name)) continue
    added.set(name, { name, text: name, because: [{ kind: 'repair', missing: what }] })
  }
  const repaired = withRuntimePackages(plan, [...added.values()])
  const fresh = repaired.runtimePackages.slice(plan.runtimePackages.length)
  return fresh.length === 0 ? undefined : { plan: repaired, added: fresh }
}

type Fat = Parameters<typeof repairPlan>[2]

/** What is missing, in words, and the package of the fat image that has it. */
function packageOf(one: Missing, fat: Fat): readonly [string, string | undefined] | undefined {
  switch (one.kind) {
    case 'library':
      return [one.soname, one.package ?? ownerOf(fat, librariesOf(fat.tree).byName(one.soname))]
    case 'symbol-versions':
      return [`${one.library} with ${one.versions.join(', ')}`, ownerOf(fat, one.library)]
    case 'program':
      return [one.name, one.package ?? ownerOf(fat, findProgram(fat.tree, fat.config, one.name))]
    case 'package':
      return [one.name, one.name]
    case 'interpreter':
      return [one.path, ownerOf(fat, one.path)]
    case 'file':
      return [one.path, one.package ?? ownerOf(fat, one.path)]
    case 'module':
    case 'user':
    case 'distribution':
      return undefined
    default:
      return one satisfies never
  }
}

function ownerOf({ tree, db }: Fat, path: string | undefined): string | undefined {
  if (path?.startsWith('/') !== true) return undefined
  return (db.ownerOf(path) ?? db.ownerOf(resolvePath(tree, path).path))?.name
}
