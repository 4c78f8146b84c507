import { closeSync } from 'node:fs'
import { type ByteStream, Fault } from '../base/index.ts'
import { type Digest, type ImageConfig, type TarLayer, tarLayer } from '../image/index.ts'
import { type ArchiveImage, treesOf } from './archive-image.ts'
import { spill } from './nameless-file.ts'

/** An image whose layers come as streams, in any order and several at a time. */
export type LayerStreams = {
  readonly config: ImageConfig
  /** Hands every layer of the configuration to `use`, by its diffID; one that occurs twice only once. */
  readonly read: (use: (diffId: Digest, archive: ByteStream) => Promise<void>) => Promise<void>
}

/**
 * An image that is looked into and not kept: nothing of it comes into the store and no file of it onto the disk. Each
 * layer, decompressed, lies in one nameless file in `temporary`, gone with `close` or with the process.
 * @throws Fault DIGEST_MISMATCH when a layer is not what the configuration says, TAR_*, LAYER_CORRUPT
 */
export async function openStreamedImage(
  { config, read }: LayerStreams,
  temporary: string,
): Promise<Pick<ArchiveImage, 'tree' | 'layers' | 'close'>> {
  const opened: number[] = []
  const close = (): void => {
    for (const descriptor of opened.splice(0)) closeSync(descriptor)
  }
  const found = new Map<Digest, TarLayer>()
  try {
    await read(async (diffId, archive) => {
      const { descriptor, bytes, digest } = await spill(archive, temporary, { hashed: true })
      opened.push(descriptor)
      if (digest !== diffId)
        throw new Fault('DIGEST_MISMATCH', `a layer is ${digest}, and its image says ${diffId}`)
      found.set(diffId, tarLayer(bytes, config.rootfs.diff_ids.indexOf(diffId)))
    })
    return { ...treesOf(config.rootfs.diff_ids.map((id) => layerOf(found, id as Digest))), close }
  } catch (error) {
    close()
    throw error
  }
}

function layerOf(found: ReadonlyMap<Digest, TarLayer>, diffId: Digest): TarLayer {
  const layer = found.get(diffId)
  if (!layer) throw new Fault('LAYER_MISSING', `the layer ${diffId} did not come`)
  return layer
}
