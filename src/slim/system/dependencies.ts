import type { PackageDatabase } from '../../analysis/index.ts'

/** Every package that installing `name` brings along, as installed in the fat image; `name` itself is not in it. */
export function dependenciesOf(db: PackageDatabase, name: string): ReadonlySet<string> {
  const found = new Set<string>()
  const pending = [name]
  for (let here = pending.pop(); here !== undefined; here = pending.pop()) {
    for (const clause of db.packages.get(here)?.depends ?? []) {
      const chosen = installed(db, clause)
      if (chosen === undefined || found.has(chosen)) continue
      found.add(chosen)
      pending.push(chosen)
    }
  }
  found.delete(name)
  return found
}

/** The names without those that others of them bring along; of two that bring each other, the first stays. */
export function withoutImplied(db: PackageDatabase, names: readonly string[]): readonly string[] {
  const implies = new Map(names.map((name) => [name, dependenciesOf(db, name)]))
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
