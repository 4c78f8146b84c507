import type { Image, PageLayer } from '../data.ts'
import { type KindId, kindIds, kindOf } from '../kinds.ts'
import type { Segment } from './stacked-bar.tsx'

/** Sums per kind, in the order of the legend. */
function inOrder(sums: ReadonlyMap<KindId, number>): readonly Segment[] {
  return kindIds.map((id) => ({ id, bytes: sums.get(id) ?? 0 })).filter(({ bytes }) => bytes > 0)
}

function hiddenBytes(layer: PageLayer): number {
  return layer.overwritten + layer.metadataOnly + layer.deleted
}

export function layerSegments(layer: PageLayer): readonly Segment[] {
  const sums = new Map<KindId, number>()
  for (const [category, bytes] of layer.categories) {
    const id = kindOf(category)
    sums.set(id, (sums.get(id) ?? 0) + bytes)
  }
  if (hiddenBytes(layer) > 0) sums.set('hidden', hiddenBytes(layer))
  return inOrder(sums)
}

/** What the image weighs: the visible bytes by kind and what later layers hide. */
export function imageSegments(image: Image): readonly Segment[] {
  const sums = new Map<KindId, number>()
  for (const layer of image.layers)
    for (const { id, bytes } of layerSegments(layer)) sums.set(id, (sums.get(id) ?? 0) + bytes)
  return inOrder(sums)
}
