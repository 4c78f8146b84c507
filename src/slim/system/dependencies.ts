import type { PackageDatabase } from '../../analysis/index.ts'

/** Every package that installing `name` brings along, as installed in the fat image; `name` itself is not in it. */
export function dependenciesOf(db: PackageDatabase, name: string): ReadonlySet<string> {
  return follow(db, name, () => true)
}

/** Follows the dependencies that `counts` takes: a clause of alternatives, and which of them the fat image has. */
function follow(
  db: PackageDatabase,
  name: string,
  counts: (clause: readonly string[], chosen: string) => boolean,
): ReadonlySet<string> {
  const found = new Set<string>()
  const pending = [name]
  for (let here = pending.pop(); here !== undefined; here = pending.pop()) {
    for (const clause of db.packages.get(here)?.depends ?? []) {
      const chosen = installed(db, clause)
      if (chosen === undefined || found.has(chosen) || !counts(clause, chosen)) continue
      found.add(chosen)
      pending.push(chosen)
    }
  }
  found.delete(name)
  return found
}

/**
 * The names without those that others of them bring along; of two that bring each other, the first stays. Of
 * alternatives a package manager takes the first, or one that it is told to install anyway.
 */
export function withoutImplied(db: PackageDatabase, names: readonly string[]): readonly string[] {
  const listed = new Set(names)
  const brings = (clause: readonly string[], chosen: string): boolean =>
    clause.indexOf(chosen) <= 0 && !clause.some((one) => one !== chosen && listed.has(one))
  const implies = new Map(names.map((name) => [name, follow(db, name, brings)]))
  return names.filter(
    (name, index) =>
      !names.some((other, at) => {
        if (other === name || !implies.get(other)?.has(name)) return false
        const mutual = implies.get(name)?.has(other) === true
        return !mutual || at < index
      }),
  )
}

function installed(db: PackageDatabase, clause: readonly string[]): string | undefined {
  const direct = clause.find((name) => db.packages.has(name))
  if (direct !== undefined) return direct
  for (const [name, found] of db.packages)
    if (clause.some((wanted) => found.provides.includes(wanted))) return name
  return undefined
}
