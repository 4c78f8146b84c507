import { findProgram, librariesOf, type PackageDatabase } from '../analysis/index.ts'
import { type FileTree, type ImageConfig, resolvePath } from '../image/index.ts'
import type { Missing } from '../proof/index.ts'
import { withRuntimePackages } from './plan.ts'
import { repairedBase } from './repair-base.ts'
import { withCopies } from './repair-copies.ts'
import { withoutImplied } from './system/index.ts'
import type { Plan, RuntimePackage } from './types.ts'

/** A plan with what a proof found missing, and what changed, one line a step. */
export type Repair = { readonly plan: Plan; readonly steps: readonly string[] }

/** Both images of a proof that failed. */
export type RepairWorld = {
  readonly tree: FileTree
  readonly db: PackageDatabase
  readonly config: ImageConfig
  readonly leanTree: FileTree
}

/**
 * Repairs a plan from what a proof found missing, one kind of cause at a time, the deepest first: another release of the
 * system under the runtime, then packages that own what is missing as the fat image's database has them, then files
 * that no package owns, from the builder.
 * @returns undefined when nothing can be changed: then the plan is wrong in another way, and is not tried again
 */
export function repairPlan(
  plan: Plan,
  missing: readonly Missing[],
  world: RepairWorld,
): Repair | undefined {
  const based = repairedBase(plan, missing, world)
  if (based) return based
  const added = packagesFor(missing, world)
  const packaged = withRuntimePackages(plan, added)
  const fresh = packaged.runtimePackages.slice(plan.runtimePackages.length)
  // What packages make when they are installed (a bundle of certificates) is missing no more in the next proof.
  if (fresh.length > 0)
    return { plan: packaged, steps: [`added ${fresh.map(withReason).join(', ')}`] }
  const copied = withCopies(plan, missing, world)
  if (copied.paths.length === 0) return undefined
  const what = copied.paths.join(', ')
  return {
    plan: copied.plan,
    steps: [`copied ${what} from the builder: no package owns what fat has there`],
  }
}

function packagesFor(missing: readonly Missing[], world: RepairWorld): readonly RuntimePackage[] {
  const added = new Map<string, RuntimePackage>()
  for (const one of missing) {
    const [what, name] = packageOf(one, world) ?? []
    if (what === undefined || name === undefined || added.has(name)) continue
    added.set(name, { name, text: name, because: [{ kind: 'repair', missing: what }] })
  }
  // What another one brings along needs no name of its own.
  return withoutImplied(world.db, [...added.keys()]).flatMap((name) => added.get(name) ?? [])
}

function withReason({ name, because }: RuntimePackage): string {
  const missing = because.flatMap((one) => (one.kind === 'repair' ? [one.missing] : []))
  return missing.length === 0 ? name : `${name} (for ${missing.join(', ')})`
}

/** What is missing, in words, and the package of the fat image that has it. */
function packageOf(
  one: Missing,
  world: RepairWorld,
): readonly [string, string | undefined] | undefined {
  switch (one.kind) {
    case 'library':
      return [one.soname, one.package ?? ownerOf(world, librariesOf(world.tree).byName(one.soname))]
    case 'symbol-versions':
      return [`${one.library} with ${one.versions.join(', ')}`, ownerOf(world, one.library)]
    case 'program': {
      const path = findProgram(world.tree, world.config, one.name)
      return [one.name, one.package ?? ownerOf(world, path)]
    }
    case 'package':
      return [one.name, one.name]
    case 'interpreter':
      return [one.path, ownerOf(world, one.path)]
    case 'file':
      return [one.path, one.package ?? ownerOf(world, one.path)]
    case 'module':
    case 'user':
    case 'distribution':
      return undefined
    default:
      return one satisfies never
  }
}

/** An alternative (`/etc/alternatives/awk`) is owned by nobody, and what it leads to is. */
function ownerOf({ tree, db }: RepairWorld, path: string | undefined): string | undefined {
  if (path?.startsWith('/') !== true) return undefined
  return (db.ownerOf(path) ?? db.ownerOf(resolvePath(tree, path).path))?.name
}
