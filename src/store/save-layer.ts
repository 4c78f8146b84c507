import type { ByteStream } from '../base/index.ts'
import type { LayerId } from '../build/index.ts'
import type { Descriptor } from '../image/index.ts'
import { mediaTypes } from './archive.ts'
import { readBlob } from './blobs.ts'
import type { StoreContext } from './context.ts'
import { diffOf } from './digests.ts'
import { packLayer } from './pack-layer.ts'
import { makePacked } from './packed-layers.ts'
import type { SaveOptions } from './types.ts'

export type SavedLayer = { readonly descriptor: Descriptor; open(): ByteStream }

/**
 * A layer as an archive is to hold it. Unasked it is the gzip blob that it came as, else a plain tar: what came as zstd
 * too, because older Docker, skopeo and umoci cannot read zstd.
 * @throws Fault ZSTD_WRITE_UNSUPPORTED, COMPRESSION_FAILED
 */
export async function describeLayer(
  context: StoreContext,
  id: LayerId,
  { compression, signal }: SaveOptions,
): Promise<SavedLayer> {
  if (compression && compression !== 'none') {
    const packed = await makePacked(context, id, compression, { signal })
    return { descriptor: packed, open: () => readBlob(context, packed.digest) }
  }
  const { diffId, tarSize, blob } = await diffOf(context, id, signal)
  if (compression !== 'none' && blob && /gzip$/.test(blob.mediaType)) {
    const { digest, size } = blob
    return {
      descriptor: { mediaType: mediaTypes.layerGzip, digest, size },
      open: () => readBlob(context, digest),
    }
  }
  return {
    descriptor: { mediaType: mediaTypes.layer, digest: diffId, size: tarSize },
    open: () => packLayer(context, id, signal),
  }
}
