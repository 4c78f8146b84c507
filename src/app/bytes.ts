import { type ImageSource, storedSource } from './image-source.ts'
import { findImage } from './images.ts'
import type { ImageRow } from './list-images.ts'
import type { Session } from './session.ts'
import { categoriesByLayer, weigh } from './weigh.ts'

/** What of a layer is seen, what later layers hide, and the purpose of most of what is seen. */
export type LayerBytes = { readonly live: number; readonly hidden: number; readonly most: string }

/** Lowest layer first. */
export function layerBytes(image: ImageSource): readonly LayerBytes[] {
  const { files, layers, categories } = weigh(image, null, 0)
  const byLayer = categoriesByLayer(files)
  return layers.map(({ live, overwritten, metadataOnly, deleted }, index) => {
    const [most] = [...(byLayer.get(index) ?? [])].sort((a, b) => b[1] - a[1])
    const title = categories.find(({ id }) => id === most?.[0])?.title ?? ''
    return { live, hidden: overwritten + metadataOnly + deleted, most: title }
  })
}

export type ImageBytes = {
  readonly layers: number
  readonly visible: number
  readonly ballast: number
}

/** By image ID; an image with several names is looked into once. */
export function imageBytes(
  session: Session,
  rows: readonly ImageRow[],
): ReadonlyMap<string, ImageBytes> {
  return new Map(
    [...new Set(rows.map(({ image }) => image.id))].map((id) => {
      const image = findImage(session, id)
      const { visible, categories } = weigh(storedSource(session, id, image), null, 0)
      const ballast = categories.reduce((sum, one) => sum + (one.ballast ? one.bytes : 0), 0)
      return [id, { layers: image.layers.length, visible, ballast }]
    }),
  )
}
