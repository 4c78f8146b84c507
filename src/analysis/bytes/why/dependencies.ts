import type { FileTree, ImageConfig } from '../../../image/index.ts'
import { type Automatic, automaticPackages, finderIn, kindOfPackage } from '../../packages/index.ts'
import type { Package, PackageDatabase } from '../../types.ts'

/** How the system packages of an image hold on to each other. */
export type Dependencies = {
  readonly automatic: Automatic
  /** The shortest chain from a package that was asked for to this one; empty where nothing tells. */
  chainTo(wanted: Package): readonly Package[]
  /** What it takes to be rid of a package; undefined when the system needs it, or nothing tells. */
  withoutIt(wanted: Package): Without | undefined
}

export type Without = {
  /** Packages that were asked for and that depend on it, or itself. */
  readonly asked: readonly Package[]
  /** What is not needed any more when those are gone, with those. */
  readonly gone: readonly Package[]
}

export function dependenciesIn(
  image: { readonly tree: FileTree; readonly config: ImageConfig },
  database: PackageDatabase,
): Dependencies {
  const history = image.config.history.map(({ created_by }) => created_by ?? '')
  const automatic = automaticPackages(image.tree, database, history)
  const all = [...database.packages.values()]
  const known = automatic.names.size > 0
  const asked = known ? all.filter(({ name }) => !automatic.names.has(name)) : []
  const needs = needsIn(database)
  return {
    automatic,
    chainTo: (wanted) => chainTo(needs, asked, wanted),
    withoutIt: (wanted) => {
      const users = reachedBy(inverse(needs), [wanted])
      const holders = asked.filter((one) => users.has(one))
      if (holders.length === 0 || holders.some(isSystem)) return undefined
      const staying = asked.filter((one) => !users.has(one))
      const kept = reachedBy(needs, staying)
      const gone = [...reachedBy(needs, asked)].filter((one) => !kept.has(one))
      return { asked: holders, gone }
    },
  }
}

type Edges = ReadonlyMap<Package, readonly Package[]>

/** What each package depends on or recommends: apt keeps both for as long as the package stays. */
function needsIn(database: PackageDatabase): Edges {
  const find = finderIn(database)
  return new Map(
    [...database.packages.values()].map((one) => [
      one,
      [...one.depends, ...(one.recommends ?? [])].flatMap(
        (clause) => clause.map(find).find((found) => found !== undefined) ?? [],
      ),
    ]),
  )
}

function inverse(edges: Edges): Edges {
  const out = new Map<Package, Package[]>()
  for (const [from, targets] of edges)
    for (const to of targets) {
      const list = out.get(to)
      if (list) list.push(from)
      else out.set(to, [from])
    }
  return out
}

function reachedBy(edges: Edges, start: readonly Package[]): ReadonlySet<Package> {
  const reached = new Set(start)
  // A set's iterator also visits what is added on the way.
  for (const one of reached) for (const next of edges.get(one) ?? []) reached.add(next)
  return reached
}

function chainTo(edges: Edges, start: readonly Package[], wanted: Package): readonly Package[] {
  const parents = new Map<Package, Package | null>(start.map((one) => [one, null]))
  for (const [one] of parents)
    for (const next of edges.get(one) ?? []) if (!parents.has(next)) parents.set(next, one)
  if (!parents.has(wanted)) return []
  const chain: Package[] = []
  for (let at: Package | null | undefined = wanted; at; at = parents.get(at)) chain.unshift(at)
  return chain
}

/** Nobody removes apt for the sake of a library of it. */
function isSystem(one: Package): boolean {
  return kindOfPackage(one) === 'base' || one.priority === 'important'
}
