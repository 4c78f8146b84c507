import type { FileTree } from '../../image/index.ts'
import { kindOfPackage } from '../packages/index.ts'
import { textAt } from '../text.ts'
import type { Package, PackageDatabase } from '../types.ts'
import { reachableFrom } from './reachable.ts'

/** Often brought in by a recommendation only, which is not followed here, and used without any link to see. */
const alwaysKept =
  /^(?:ca-certificates|tzdata|netbase|openssl|locales|fontconfig.*|fonts-.*|libnss.*)$/

/**
 * Packages that would leave with the build packages: installed automatically, and not reachable through
 * dependencies from anything that stays. This is apt's autoremove, played through with all build packages gone.
 * Empty when nothing tells which packages were installed automatically.
 * @param needed packages that stay in any case, because the running app loads a file of theirs
 */
export function orphansOf(
  tree: FileTree,
  database: PackageDatabase,
  needed: ReadonlySet<string>,
): ReadonlySet<string> {
  const automatic = automaticNames(tree)
  if (automatic.size === 0) return new Set()
  const all = [...database.packages.values()]
  const staying = all.filter((one) => needed.has(one.name) || stays(one, automatic))
  const reached = reachableFrom(database, staying)
  return new Set(all.filter((one) => !reached.has(one)).map(({ name }) => name))
}

function stays(one: Package, automatic: ReadonlySet<string>): boolean {
  const kind = kindOfPackage(one)
  if (kind === 'base' || one.priority === 'important' || alwaysKept.test(one.name)) return true
  return !automatic.has(one.name) && (kind === 'runtime' || kind === 'locales')
}

/** Names that apt installed for others only; empty where nothing tells. */
export function automaticNames(tree: FileTree): ReadonlySet<string> {
  const text = textAt(tree, '/var/lib/apt/extended_states') ?? ''
  const out = new Set<string>()
  for (const stanza of text.split(/\n{2,}/)) {
    const name = /^Package: (.+)$/m.exec(stanza)?.[1]
    if (name !== undefined && /^Auto-Installed: 1$/m.test(stanza)) out.add(name)
  }
  return out
}

/** Names of what the essential and required packages bring along: libc6 is not marked, but nothing runs without it. */
export function baseNames(database: PackageDatabase): ReadonlySet<string> {
  const base = [...database.packages.values()].filter((one) => kindOfPackage(one) === 'base')
  return new Set([...reachableFrom(database, base)].map(({ name }) => name))
}
