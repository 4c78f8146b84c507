import type { FileTree } from '../../image/index.ts'
import {
  automaticPackages,
  finderIn,
  isForBuilding,
  kindOfPackage,
  reachableFrom,
} from '../packages/index.ts'
import type { Confidence, Package, PackageDatabase } from '../types.ts'

/** Used without any link to see, and often brought in by a recommendation of what leaves. */
export const readByPath: RegExp =
  /^(?:ca-certificates|tzdata|netbase|openssl|locales|fontconfig.*|fonts-.*|libnss.*)$/

/**
 * Packages that would leave with the build packages: installed automatically, and not reachable through
 * dependencies from anything that stays. This is apt's autoremove, played through with all build packages gone.
 * @param needed packages that stay in any case, because the running app loads a file of theirs
 * @param history what made the layers: names there were asked for, where the package manager has kept no record
 * @returns names, and how sure they are: `A` with the package manager's own record, `B` without
 */
export function orphansOf(
  tree: FileTree,
  database: PackageDatabase,
  needed: ReadonlySet<string>,
  history: readonly string[],
): ReadonlyMap<string, Confidence> {
  const { names, recorded } = automaticPackages(tree, database, history)
  if (names.size === 0) return new Map()
  const all = [...database.packages.values()]
  const staying = all.filter((one) => needed.has(one.name) || stays(one, names))
  const reached = withRecommended(database, staying)
  const left = all.filter((one) => !reached.has(one))
  return new Map(left.map(({ name }) => [name, recorded ? 'A' : 'B']))
}

/**
 * What the staying packages depend on, and what their recommendations have brought in, unless that builds software: pip
 * recommends a compiler.
 */
function withRecommended(
  database: PackageDatabase,
  staying: readonly Package[],
): ReadonlySet<Package> {
  const find = finderIn(database)
  let reached = reachableFrom(database, staying)
  for (;;) {
    const wished = [...reached].flatMap((one) =>
      isForBuilding(one) ? [] : (one.recommends ?? []).flatMap((clause) => clause.map(find)),
    )
    const more = wished.filter((one) => one && !reached.has(one) && !isForBuilding(one))
    if (more.length === 0) return reached
    reached = reachableFrom(database, [...reached, ...more.flatMap((one) => one ?? [])])
  }
}

function stays(one: Package, automatic: ReadonlySet<string>): boolean {
  const kind = kindOfPackage(one)
  if (kind === 'base' || one.priority === 'important' || readByPath.test(one.name)) return true
  return !automatic.has(one.name) && (kind === 'runtime' || kind === 'locales')
}

/** Names of what the essential and required packages bring along: libc6 is not marked, but nothing runs without it. */
export function baseNames(database: PackageDatabase): ReadonlySet<string> {
  const base = [...database.packages.values()].filter((one) => kindOfPackage(one) === 'base')
  return new Set([...reachableFrom(database, base)].map(({ name }) => name))
}
