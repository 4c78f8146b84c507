import type { TreeEntry } from '../../image/index.ts'
import type { CategoryId, Classification, Confidence, Package, PackageWeight } from '../types.ts'

/** Sums of bytes by package and layer while a tree is walked: what is on disk, not what a database says it installs. */
export type PackageWeights = {
  add(classification: Classification, entry: TreeEntry): void
  /** One for each package, largest first, those without any file last. */
  of(packages: readonly Package[]): readonly PackageWeight[]
}

type Sum = {
  files: number
  readonly byLayer: Map<number, number>
  readonly byCategory: Map<CategoryId, number>
  readonly confidence: Map<CategoryId, Confidence>
}

export function packageWeights(): PackageWeights {
  const sums = new Map<Package, Sum>()
  return {
    add: ({ package: owner, category, confidence }, { size, layer }) => {
      if (!owner) return
      const sum = sums.get(owner) ?? none()
      if (sum.files === 0) sums.set(owner, sum)
      sum.files += 1
      sum.byLayer.set(layer, (sum.byLayer.get(layer) ?? 0) + size)
      sum.byCategory.set(category, (sum.byCategory.get(category) ?? 0) + size)
      if (!sum.confidence.has(category)) sum.confidence.set(category, confidence)
    },
    of: (packages) =>
      packages
        .map((one) => weightOf(one, sums.get(one)))
        .sort((a, b) => b.bytes - a.bytes || (a.name < b.name ? -1 : 1)),
  }
}

function none(): Sum {
  return { files: 0, byLayer: new Map(), byCategory: new Map(), confidence: new Map() }
}

function weightOf({ manager, name, version }: Package, sum: Sum | undefined): PackageWeight {
  const layers = [...(sum?.byLayer ?? [])]
    .map(([layer, bytes]) => ({ layer, bytes }))
    .sort((a, b) => a.layer - b.layer)
  const category = mainCategory(sum?.byCategory ?? new Map())
  return {
    ...{ manager, name, version },
    bytes: layers.reduce((total, { bytes }) => total + bytes, 0),
    files: sum?.files ?? 0,
    category,
    confidence: sum?.confidence.get(category) ?? 'C',
    layers,
  }
}

/** What every package brings along says little about what the package is for. */
const besides: ReadonlySet<CategoryId> = new Set([
  'bytecode',
  'package-metadata',
  'docs-and-locales',
])

/** The category of most of the bytes, documentation and the like left out where there is anything else. */
export function mainCategory(bytes: ReadonlyMap<CategoryId, number>): CategoryId {
  const sorted = [...bytes].sort((a, b) => b[1] - a[1])
  const own = sorted.find(([id, sum]) => !besides.has(id) && sum > 0)
  return (own ?? sorted[0])?.[0] ?? 'other'
}
