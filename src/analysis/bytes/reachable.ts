import type { Package, PackageDatabase } from '../types.ts'

/**
 * The given packages and all they depend on: the first installed alternative of each clause, by name or by what a
 * package provides.
 */
export function reachableFrom(
  database: PackageDatabase,
  start: readonly Package[],
): ReadonlySet<Package> {
  const providers = new Map<string, Package>()
  for (const one of database.packages.values())
    for (const name of one.provides) if (!providers.has(name)) providers.set(name, one)
  const reached = new Set(start)
  // A set's iterator also visits what is added on the way.
  for (const one of reached)
    for (const clause of one.depends) {
      const found = clause.map((name) => database.packages.get(name) ?? providers.get(name))
      const target = found.find((candidate) => candidate !== undefined)
      if (target) reached.add(target)
    }
  return reached
}
