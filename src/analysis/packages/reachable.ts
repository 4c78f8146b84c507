import type { Package, PackageDatabase } from '../types.ts'

/**
 * The given packages and all they depend on: the first installed alternative of each clause, by name, by what a package
 * provides (`so:libz.so.1`, `mail-transport-agent`) or by a file of it (`/bin/sh`). With them what installs itself
 * where all of its conditions are met, as apk's subpackages do.
 */
export function reachableFrom(
  database: PackageDatabase,
  start: Iterable<Package>,
): ReadonlySet<Package> {
  const find = finderIn(database)
  const conditional = [...database.packages.values()].filter(({ installIf }) => installIf)
  const reached = new Set(start)
  let before = -1
  while (reached.size !== before) {
    before = reached.size
    // A set's iterator also visits what is added on the way.
    for (const one of reached)
      for (const clause of one.depends) {
        const target = clause.map(find).find((candidate) => candidate !== undefined)
        if (target) reached.add(target)
      }
    for (const one of conditional) {
      const met = one.installIf?.map(find).every((found) => found && reached.has(found))
      if (met) reached.add(one)
    }
  }
  return reached
}

/** Finds the installed package that a dependency means. */
export function finderIn(database: PackageDatabase): (name: string) => Package | undefined {
  const providers = new Map<string, Package>()
  for (const one of database.packages.values())
    for (const name of one.provides) if (!providers.has(name)) providers.set(name, one)
  return (name) =>
    database.packages.get(name) ??
    providers.get(name) ??
    (name.startsWith('/') ? database.ownerOf(name) : undefined)
}
