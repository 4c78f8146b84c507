import type { CategoryId } from '../../../src/analysis/index.ts'
import type { Image, PageData, PagePackage } from '../data.ts'

export type Fate = 'removed' | 'added' | 'changed' | 'kept'

/** A package of either image, or several of one source together. */
export type PackageRow = {
  readonly key: string
  readonly name: string
  readonly before: PagePackage | null
  readonly after: PagePackage | null
  readonly fate: Fate
  /** In the image after although the running app never needs its kind. */
  readonly unneeded: boolean
  /** Names of the packages that ask for it, on the side that has it, before first. */
  readonly neededBy: readonly string[]
  readonly needs: readonly string[]
}

/** Every package once, with its versions before and after, largest first. */
export function packageRows({ before, after }: PageData): readonly PackageRow[] {
  const several = new Set([...repeated(before), ...repeated(after)])
  const keyed = (image: Image | null): ReadonlyMap<string, PagePackage> =>
    new Map(
      (image?.packages ?? []).map((one) => {
        const key = nameKey(one)
        return [several.has(key) ? `${key} ${one.version}` : key, one]
      }),
    )
  const sides = { before: keyed(before), after: keyed(after) }
  const graphs = { before: graphOf(before), after: graphOf(after) }
  const ballast = new Set(
    [...before.categories, ...(after?.categories ?? [])]
      .filter((one) => one.ballast)
      .map(({ id }) => id),
  )
  const rows = [...new Set([...sides.before.keys(), ...sides.after.keys()])].map((key) => {
    const pair = { before: sides.before.get(key) ?? null, after: sides.after.get(key) ?? null }
    const links = graphs[pair.before ? 'before' : 'after'].get(pair.before ?? pair.after)
    return {
      ...{ key, name: (pair.before ?? pair.after)?.name ?? key, ...pair },
      fate: fateOf(pair),
      unneeded: isUnneeded(pair.after, ballast),
      ...(links ?? { neededBy: [], needs: [] }),
    }
  })
  return rows.sort(byWeight)
}

/** One row for each source: gcc-12 with all that is built from it. */
export function bySource(rows: readonly PackageRow[]): readonly PackageRow[] {
  const groups = new Map<string, PackageRow[]>()
  for (const row of rows) {
    const one = row.before ?? row.after
    const key = `${one?.manager} ${one?.source ?? one?.name}`
    const group = groups.get(key) ?? []
    group.push(row)
    groups.set(key, group)
  }
  return [...groups].map(([key, group]) => together(key, group)).sort(byWeight)
}

function together(key: string, group: readonly PackageRow[]): PackageRow {
  const [first] = group
  if (!first || group.length === 1) return first ?? { ...nothing, key }
  const sum = (side: 'before' | 'after'): PagePackage | null => {
    const present = group.flatMap((row) => row[side] ?? []).toSorted((a, b) => b.bytes - a.bytes)
    const [largest] = present
    return largest
      ? { ...largest, bytes: present.reduce((total, { bytes }) => total + bytes, 0) }
      : null
  }
  const fates = new Set(group.map(({ fate }) => fate))
  const source = (first.before ?? first.after)?.source ?? first.name
  return {
    key: `source ${key}`,
    name: `${source} (${group.length} packages)`,
    ...{ before: sum('before'), after: sum('after') },
    fate: fates.size === 1 ? first.fate : 'changed',
    unneeded: group.some(({ unneeded }) => unneeded),
    neededBy: [],
    needs: group.map(({ name }) => name),
  }
}

const nothing: Omit<PackageRow, 'key'> = {
  ...{
    name: '',
    before: null,
    after: null,
    fate: 'kept',
    unneeded: false,
    neededBy: [],
    needs: [],
  },
}

function byWeight(a: PackageRow, b: PackageRow): number {
  const weight = ({ before, after }: PackageRow): number =>
    Math.max(before?.bytes ?? 0, after?.bytes ?? 0)
  return weight(b) - weight(a) || (a.key < b.key ? -1 : 1)
}

function nameKey({ manager, name }: PagePackage): string {
  return `${manager} ${name}`
}

/** Names that an image has in more than one version, as npm allows. */
function repeated(image: Image | null): readonly string[] {
  const seen = new Set<string>()
  return (image?.packages ?? []).map(nameKey).filter((key) => {
    const again = seen.has(key)
    seen.add(key)
    return again
  })
}

type Links = Pick<PackageRow, 'neededBy' | 'needs'>

function graphOf(image: Image | null): ReadonlyMap<PagePackage | null, Links> {
  const packages = image?.packages ?? []
  const neededBy = packages.map((): string[] => [])
  for (const { name, depends } of packages) for (const index of depends) neededBy[index]?.push(name)
  return new Map(
    packages.map((one, index) => [
      one,
      {
        neededBy: neededBy[index] ?? [],
        needs: one.depends.flatMap((at) => packages[at]?.name ?? []),
      },
    ]),
  )
}

function isUnneeded(after: PagePackage | null, ballast: ReadonlySet<CategoryId>): boolean {
  return after !== null && ballast.has(after.category)
}

function fateOf({ before, after }: Pick<PackageRow, 'before' | 'after'>): Fate {
  if (!after) return 'removed'
  if (!before) return 'added'
  return before.version === after.version ? 'kept' : 'changed'
}
