import type { StoreContext } from './context.ts'
import { imageIds, readImage } from './images.ts'
import { layerInfo } from './layers.ts'
import { listTags } from './tags.ts'
import type { ImageListing } from './types.ts'

/** Every complete image, newest first. */
export function listImages(context: StoreContext): readonly ImageListing[] {
  const tags = listTags(context)
  return imageIds(context)
    .flatMap((id) => {
      const image = readImage(context, id)
      if (!image) return []
      const sizes = image.layers.map((layer) => layerInfo(context, layer).size)
      return [
        {
          ...image,
          tags: tags.filter((tag) => tag.image === id).map(({ name }) => name),
          size: sizes.reduce((sum, size) => sum + size, 0),
          created: image.config.created ?? null,
        },
      ]
    })
    .sort((a, b) => time(b) - time(a))
}

function time({ created }: ImageListing): number {
  return created === null ? 0 : Date.parse(created) || 0
}
