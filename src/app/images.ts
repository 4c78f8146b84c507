import { Fault } from '../base/index.ts'
import type { StoredImage } from '../build/index.ts'
import type { Digest } from '../image/index.ts'
import type { ImageSource } from './image-source.ts'
import type { Session } from './session.ts'

export type HistoryRow = {
  /** Image ID on the newest entry, null on the others: intermediate images do not exist. */
  readonly id: Digest | null
  readonly created: string | null
  readonly createdBy: string
  readonly size: number
  readonly comment: string
  /** Index of the layer, null for an entry without one. */
  readonly layer: number | null
}

/** @throws Fault IMAGE_NOT_FOUND */
export function findImage(session: Pick<Session, 'store'>, name: string): StoredImage {
  const image = session.store.findImage(name)
  if (image) return image
  throw new Fault('IMAGE_NOT_FOUND', `No such image: ${name}`, {
    hint: 'jettison image ls lists what is here; jettison pull and jettison build bring more; docker://NAME is one of a registry',
  })
}

/** Newest first, sizes from the layers. */
export function imageHistory(
  image: Pick<ImageSource, 'id' | 'config' | 'layers'>,
): readonly HistoryRow[] {
  let layer = 0
  const rows = image.config.history.map((entry): HistoryRow => {
    const at = entry.empty_layer ? null : layer++
    return {
      id: null,
      created: entry.created ?? null,
      createdBy: entry.created_by ?? '',
      size: at === null ? 0 : (image.layers[at]?.bytes ?? 0),
      comment: entry.comment ?? '',
      layer: at,
    }
  })
  return rows.reverse().map((row, index) => (index === 0 ? { ...row, id: image.id } : row))
}

/** Uncompressed sum of the layers, bytes. */
export function imageSize(session: Session, image: StoredImage): number {
  return image.layers.reduce((sum, layer) => sum + session.store.layer(layer).size, 0)
}

/** `docker inspect` of an image. */
export function describeImage(session: Session, name: string): Readonly<Record<string, unknown>> {
  const image = findImage(session, name)
  const tags = session.store.images().find((listed) => listed.id === image.id)?.tags ?? []
  const { config } = image
  return {
    Id: image.id,
    RepoTags: tags,
    RepoDigests:
      image.manifest === null
        ? []
        : tags.map((tag) => `${tag.replace(/:[^/:]*$/, '')}@${image.manifest}`),
    Comment: config.history.at(-1)?.comment ?? '',
    Created: config.created ?? null,
    Author: config.author ?? '',
    Config: config.config,
    Architecture: config.architecture,
    ...(config.variant === undefined ? {} : { Variant: config.variant }),
    Os: config.os,
    Size: imageSize(session, image),
    RootFS: { Type: 'layers', Layers: config.rootfs.diff_ids },
  }
}
