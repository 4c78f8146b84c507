import type { StoredImage } from '../build/index.ts'
import type { ImageSummary } from '../report/index.ts'
import { imageSize } from './images.ts'
import type { Session } from './session.ts'

/** One image as the report shows it. */
export function imageSummary(
  session: Session,
  reference: string,
  image: StoredImage,
): ImageSummary {
  const makers = image.config.history.filter((entry) => !entry.empty_layer)
  return {
    reference,
    id: image.id,
    digest: image.manifest,
    size: imageSize(session, image),
    compressedSize: null,
    layers: image.layers.map((layer, at) => ({
      createdBy: makers[at]?.created_by ?? '',
      size: session.store.layer(layer).size,
      diffId: image.config.rootfs.diff_ids[at] as ImageSummary['id'],
    })),
  }
}

/** The same with what a registry would hold, where every layer has been compressed before or came so. */
export async function withCompressedSize<T extends ImageSummary | null>(
  session: Session,
  summary: T,
  image: StoredImage,
): Promise<T> {
  if (summary === null) return summary
  const wish = { algorithm: null, level: null }
  const known = await Promise.all(
    image.layers.map((layer) => session.store.knownPacked(layer, wish)),
  )
  const whole = known.every((packed) => packed !== undefined)
  const compressedSize = known.reduce((sum, packed) => sum + (packed?.size ?? 0), 0)
  return { ...summary, compressedSize: whole ? compressedSize : null }
}
