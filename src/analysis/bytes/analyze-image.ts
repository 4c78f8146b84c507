import type { FileTree, ImageConfig, TreeEntry } from '../../image/index.ts'
import { unreadablePackages } from '../packages/index.ts'
import type { Analysis, Classification, LayerSummary } from '../types.ts'
import { classify } from './classify.ts'
import { factsOf, type Knowledge, knowledgeOf } from './facts.ts'
import { packageWeights } from './package-weights.ts'
import { tallyOf } from './tally.ts'

export type ImageToAnalyze = {
  readonly tree: FileTree
  readonly config: ImageConfig
  /** Bytes of each layer, lowest first, including what later layers hide; without it only visible bytes are known. */
  readonly layerSizes?: readonly number[]
  /** What was read of the tree before, so that it is not read again. */
  readonly known?: Knowledge
  /** Told of every file that counts, in the order of the walk: what the sums are made of. */
  readonly onFile?: (entry: TreeEntry, verdict: Classification) => void
}

/**
 * Sorts every regular file of the merged tree into exactly one category, so that the categories sum to `bytes`.
 * Hard links of one layer count once, at the path that comes first.
 */
export function analyzeImage(image: ImageToAnalyze): Analysis {
  const { tree, config, layerSizes } = image
  const known = image.known ?? knowledgeOf(tree, config)
  const facts = factsOf(tree, config, known)
  const tally = tallyOf()
  const weights = packageWeights()
  const seen = new Set<string>()
  const layers = new Map<number, { bytes: number; files: number }>()
  for (const entry of tree.walk()) {
    if (entry.kind !== 'file') continue
    if (entry.hardlinkGroup !== undefined) {
      const group = `${entry.layer}:${entry.hardlinkGroup}`
      if (seen.has(group)) continue
      seen.add(group)
    }
    const verdict = classify(facts, entry)
    tally.add(verdict, entry.size)
    weights.add(verdict, entry)
    image.onFile?.(entry, verdict)
    const layer = layers.get(entry.layer)
    if (layer) {
      layer.bytes += entry.size
      layer.files += 1
    } else layers.set(entry.layer, { bytes: entry.size, files: 1 })
  }
  const summaries = layerSummaries(config, tree.layerCount, layers, layerSizes)
  const unreadable = unreadablePackages(tree, known.database)
  return {
    bytes: tally.bytes(),
    layerBytes: summaries.reduce((sum, { bytes }) => sum + bytes, 0),
    layers: summaries,
    categories: tally.categories(),
    packages: known.packages,
    ...(unreadable === undefined ? {} : { unreadablePackages: unreadable }),
    packageWeights: weights.of(known.packages),
  }
}

/** History entries that made a layer stand in the order of the layers; `createdBy` is empty where history is short. */
function layerSummaries(
  { history }: ImageConfig,
  count: number,
  visible: ReadonlyMap<number, { readonly bytes: number; readonly files: number }>,
  sizes: readonly number[] | undefined,
): readonly LayerSummary[] {
  const made = history.filter((entry) => entry.empty_layer !== true)
  return Array.from({ length: count }, (_, index) => ({
    index,
    createdBy: made[index]?.created_by ?? '',
    bytes: sizes?.[index] ?? visible.get(index)?.bytes ?? 0,
    files: visible.get(index)?.files ?? 0,
  }))
}
