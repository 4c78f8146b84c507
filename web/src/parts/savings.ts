import type { Image, PageData } from '../data.ts'
import { type KindId, kind } from '../kinds.ts'
import type { State } from '../state.ts'
import { imageSegments, layerSegments } from './segments.ts'
import type { Segment } from './stacked-bar.tsx'

/** What went (above zero) or came of each kind, most first. */
export function savings(before: Image, after: Image, metric: State['metric']): readonly Segment[] {
  const rest = new Map(imageSegments(after, metric).map(({ id, bytes }) => [id, bytes]))
  const went = imageSegments(before, metric).map(({ id, bytes }) => ({
    id,
    bytes: bytes - (rest.get(id) ?? 0),
  }))
  const came = [...rest]
    .filter(([id]) => !went.some((one) => one.id === id))
    .map(([id, bytes]) => ({ id, bytes: -bytes }))
  return [...went, ...came]
    .filter(({ bytes }) => bytes !== 0)
    .sort((a, b) => Math.abs(b.bytes) - Math.abs(a.bytes))
}

/** What a part that went is called: most of what is kept of a runtime are libraries and programs. */
export function nameOfKind(id: KindId): string {
  return id === 'runtime' ? 'libraries and programs' : kind(id).title.replace(/^keep: /, '')
}

/** Where the bytes of a kind were made: a line of the Dockerfile where it is known, else a layer; most first. */
export type Origin = { readonly text: string; readonly hash: string; readonly bytes: number }

export function originsOf(id: KindId, data: PageData): readonly Origin[] {
  const from = data.stages.before.at(-1)?.line ?? null
  const sums = new Map<string, Origin>()
  for (const [index, layer] of data.before.layers.entries()) {
    const bytes = layerSegments(layer, 'unpacked').find((one) => one.id === id)?.bytes ?? 0
    const line = layer.line ?? from
    const place =
      line === null
        ? { text: `layer ${index + 1}`, hash: `#layers?layer=before-${index + 1}` }
        : {
            text: layer.line === null ? 'the base' : `line ${line}`,
            hash: `#dockerfile?line=before-${line}`,
          }
    const known = sums.get(place.text)
    if (bytes > 0) sums.set(place.text, { ...place, bytes: bytes + (known?.bytes ?? 0) })
  }
  return [...sums.values()].sort((a, b) => b.bytes - a.bytes)
}
