import type { Image, PageLayer } from '../data.ts'
import { type KindId, kindIds, kindOf } from '../kinds.ts'
import type { State } from '../state.ts'
import type { Segment } from './stacked-bar.tsx'

type Metric = State['metric']

/** Sums per kind, in the order of the legend. */
export function inOrder(sums: ReadonlyMap<KindId, number>): readonly Segment[] {
  return kindIds.map((id) => ({ id, bytes: sums.get(id) ?? 0 })).filter(({ bytes }) => bytes > 0)
}

export function hiddenBytes(layer: PageLayer): number {
  return layer.overwritten + layer.metadataOnly + layer.deleted
}

export function layerSize(layer: PageLayer, metric: Metric): number {
  return metric === 'compressed' ? layer.compressed : layer.bytes
}

/** Compressed, every kind takes its share of the layer: nobody compresses kinds one by one. */
export function layerSegments(layer: PageLayer, metric: Metric): readonly Segment[] {
  const sums = new Map<KindId, number>()
  for (const [category, bytes] of layer.categories) {
    const id = kindOf(category)
    sums.set(id, (sums.get(id) ?? 0) + bytes)
  }
  if (hiddenBytes(layer) > 0) sums.set('hidden', hiddenBytes(layer))
  const scale = layer.bytes === 0 ? 1 : layerSize(layer, metric) / layer.bytes
  return inOrder(sums).map(({ id, bytes }) => ({ id, bytes: bytes * scale }))
}

/** What the image weighs: the visible bytes by kind and what later layers hide. */
export function imageSegments(image: Image, metric: Metric): readonly Segment[] {
  const sums = new Map<KindId, number>()
  for (const layer of image.layers)
    for (const { id, bytes } of layerSegments(layer, metric))
      sums.set(id, (sums.get(id) ?? 0) + bytes)
  return inOrder(sums)
}

export function imageSize(image: Image, metric: Metric): number {
  return image.layers.reduce((sum, layer) => sum + layerSize(layer, metric), 0)
}

/** `≈ ` before a sum that was estimated. */
export function about(image: Image, metric: Metric): string {
  return metric === 'compressed' && image.layers.some((layer) => !layer.compressedKnown) ? '≈ ' : ''
}
