import type { FileTree } from '../../image/index.ts'
import { automaticPackages, kindOfPackage, reachableFrom } from '../packages/index.ts'
import type { Confidence, Package, PackageDatabase } from '../types.ts'

/** Often brought in by a recommendation only, which is not followed here, and used without any link to see. */
const alwaysKept =
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
  const reached = reachableFrom(database, staying)
  const left = all.filter((one) => !reached.has(one))
  return new Map(left.map(({ name }) => [name, recorded ? 'A' : 'B']))
}

function stays(one: Package, automatic: ReadonlySet<string>): boolean {
  const kind = kindOfPackage(one)
  if (kind === 'base' || one.priority === 'important' || alwaysKept.test(one.name)) return true
  return !automatic.has(one.name) && (kind === 'runtime' || kind === 'locales')
}

/** Names of what the essential and required packages bring along: libc6 is not marked, but nothing runs without it. */
export function baseNames(database: PackageDatabase): ReadonlySet<string> {
  const base = [...database.packages.values()].filter((one) => kindOfPackage(one) === 'base')
  return new Set([...reachableFrom(database, base)].map(({ name }) => name))
}
