import type { Category, CategoryId } from '../types.ts'
import type { Verdict } from './classify.ts'

/** Sums of bytes by category while a tree is walked. */
export type Tally = {
  add(verdict: Verdict, bytes: number): void
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
  other: { title: 'Other', ballast: false },
}

const shown = 8

export function tallyOf(): Tally {
  const sums = new Map<CategoryId, { bytes: number; files: number; by: Map<string, number> }>()
  return {
    add: ({ category, what }, bytes) => {
      const sum = sums.get(category) ?? { bytes: 0, files: 0, by: new Map() }
      sums.set(category, sum)
      sum.bytes += bytes
      sum.files += 1
      sum.by.set(what, (sum.by.get(what) ?? 0) + bytes)
    },
    bytes: () => [...sums.values()].reduce((total, { bytes }) => total + bytes, 0),
    categories: () =>
      [...sums]
        .map(([id, { bytes, files, by }]) => ({ id, ...kinds[id], bytes, files, largest: top(by) }))
        .sort((a, b) => b.bytes - a.bytes || (a.id < b.id ? -1 : 1)),
  }
}

function top(by: ReadonlyMap<string, number>): Category['largest'] {
  return [...by]
    .map(([what, bytes]) => ({ what, bytes }))
    .sort((a, b) => b.bytes - a.bytes || (a.what < b.what ? -1 : 1))
    .slice(0, shown)
}
