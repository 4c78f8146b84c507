import type { Category, CategoryId, Classification, Confidence } from '../types.ts'

/** Sums of bytes by category while a tree is walked. */
export type Tally = {
  add(verdict: Classification, bytes: number): void
  bytes(): number
  /** Categories that have files, largest first. */
  categories(): readonly Category[]
}

/** Title, and whether the running app never needs it. */
const kinds: Readonly<Record<CategoryId, { readonly title: string; readonly ballast: boolean }>> = {
  'base-system': { title: 'Base system', ballast: false },
  runtime: { title: 'Runtime', ballast: false },
  app: { title: 'Application', ballast: false },
  'language-packages': { title: 'Language packages', ballast: false },
  compilers: { title: 'Compilers and build tools', ballast: true },
  'tool-dependencies': { title: 'Needed by build tools only', ballast: true },
  headers: { title: 'Headers', ballast: true },
  'static-libraries': { title: 'Static libraries', ballast: true },
  'dev-libraries': { title: 'Development packages', ballast: true },
  vcs: { title: 'Version control', ballast: true },
  'debug-tools': { title: 'Debuggers and debug symbols', ballast: true },
  'package-caches': { title: 'Caches, logs and temporary files', ballast: true },
  'docs-and-locales': { title: 'Documentation and locales', ballast: true },
  bytecode: { title: 'Python bytecode', ballast: false },
  'package-metadata': { title: 'Package records and licences', ballast: false },
  tests: { title: 'Tests and examples', ballast: true },
  'dev-dependencies': { title: 'Development dependencies', ballast: true },
  other: { title: 'Other', ballast: false },
}

/** Ids of the categories that the running app never needs. */
export const ballastCategories: readonly CategoryId[] = (Object.keys(kinds) as CategoryId[]).filter(
  (id) => kinds[id].ballast,
)

const shown = 8

type Sum = {
  bytes: number
  files: number
  readonly confidence: Record<Confidence, number>
  readonly by: Map<string, number>
}

export function tallyOf(): Tally {
  const sums = new Map<CategoryId, Sum>()
  return {
    add: ({ category, what, confidence }, bytes) => {
      const sum = sums.get(category) ?? none()
      sums.set(category, sum)
      sum.bytes += bytes
      sum.files += 1
      sum.confidence[confidence] += bytes
      sum.by.set(what, (sum.by.get(what) ?? 0) + bytes)
    },
    bytes: () => [...sums.values()].reduce((total, { bytes }) => total + bytes, 0),
    categories: () =>
      [...sums]
        .map(([id, { by, ...sum }]) => ({ id, ...kinds[id], ...sum, largest: top(by) }))
        .sort((a, b) => b.bytes - a.bytes || (a.id < b.id ? -1 : 1)),
  }
}

function none(): Sum {
  return { bytes: 0, files: 0, confidence: { A: 0, B: 0, C: 0 }, by: new Map() }
}

function top(by: ReadonlyMap<string, number>): Category['largest'] {
  return [...by]
    .map(([what, bytes]) => ({ what, bytes }))
    .sort((a, b) => b.bytes - a.bytes || (a.what < b.what ? -1 : 1))
    .slice(0, shown)
}
