import type { LayerAccount } from '../analysis/index.ts'
import type { LayerId } from '../build/index.ts'
import { formatPlatform } from '../image/index.ts'
import { builtLines } from './built-lines.ts'
import { atOnce, type ImageSource, packedBytes, storedSource } from './image-source.ts'
import type { ImageRow } from './list-images.ts'
import type { Session } from './session.ts'
import { countBaseLayers } from './subject.ts'
import { categoriesByLayer, weigh } from './weigh.ts'

/** What of a layer is seen, what later layers hide, and the purpose of most of what is seen. */
export type LayerBytes = Omit<LayerAccount, 'live'> & {
  readonly live: number
  /** The sum of the three that are not seen. */
  readonly hidden: number
  readonly most: string
  /** `Dockerfile:7`; null where it is not known. */
  readonly place: string | null
  /** It came with the base. */
  readonly base: boolean
}

/** Lowest layer first. */
export function layerBytes(session: Session, image: ImageSource): readonly LayerBytes[] {
  const lines = builtLines(session, image.id)
  const baseLayers = countBaseLayers(session, image, undefined)
  const { files, layers, categories } = weigh(image, null, 0)
  const byLayer = categoriesByLayer(files)
  return layers.map(({ live, overwritten, metadataOnly, deleted }, index) => {
    const line = lines.get(index)
    const [most] = [...(byLayer.get(index) ?? [])].sort((a, b) => b[1] - a[1])
    return {
      ...{ live, overwritten, metadataOnly, deleted },
      hidden: overwritten + metadataOnly + deleted,
      most: categories.find(({ id }) => id === most?.[0])?.title ?? '',
      place: line ? `${line.file}:${line.line}` : null,
      base: index < baseLayers,
    }
  })
}

export type ImageBytes = {
  readonly platform: string
  readonly layers: number
  readonly visible: number
  readonly ballast: number
  /** Bytes in a registry; null where a layer was never compressed. */
  readonly content: number | null
  /** Bytes of layers that another image of the store has, too. */
  readonly shared: number
  /** Whether a container was made of it. */
  readonly used: boolean
}

/** By image ID; an image with several names is looked into once. Until then signals are heard between two images. */
export async function imageBytes(
  session: Session,
  rows: readonly ImageRow[],
): Promise<ReadonlyMap<string, ImageBytes>> {
  const { containers } = await session.engine()
  const used = new Set(containers.list().map(({ spec }) => spec.image.id))
  const owners = new Map<LayerId, number>()
  for (const { layers } of session.store.images())
    for (const layer of new Set(layers)) owners.set(layer, (owners.get(layer) ?? 0) + 1)
  const found = new Map<string, ImageBytes>()
  for (const { image } of rows) {
    if (found.has(image.id)) continue
    const source = storedSource(session, image.id, image)
    const { visible, categories } = await atOnce(session, () => weigh(source, null, 0))
    const { os, architecture, variant } = image.config
    const shared = image.layers.filter((layer) => (owners.get(layer) ?? 0) > 1)
    found.set(image.id, {
      platform: formatPlatform({ os, architecture, ...(variant === undefined ? {} : { variant }) }),
      ...{ layers: image.layers.length, visible, used: used.has(image.id) },
      ballast: categories.reduce((sum, one) => sum + (one.ballast ? one.bytes : 0), 0),
      content: packedBytes(source.layers),
      shared: shared.reduce((sum, id) => sum + session.store.layer(id).size, 0),
    })
  }
  return found
}

/** Bytes of these images in the store, where a layer that several have lies once. */
export function storedBytes(session: Session, rows: readonly ImageRow[]): number {
  const layers = new Set(rows.flatMap(({ image }) => [...image.layers]))
  return [...layers].reduce((sum, id) => sum + session.store.layer(id).size, 0)
}
