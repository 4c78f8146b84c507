import { join } from 'node:path'
import type { LayerId } from '../build/index.ts'
import type { StoreContext } from './context.ts'
import { layerFolder, readDiff } from './layers.ts'
import type { PackedRecord } from './packed-layers.ts'
import { readRecord } from './records.ts'

/** Bytes of the layer as a registry has it, when it came from one or was made for one; gzip before zstd. */
export function packedSize(context: StoreContext, id: LayerId): number | undefined {
  const came = readDiff(context, id)?.blob
  if (came && /[.+](?:gzip|zstd)$/.test(came.mediaType)) return came.size
  const record = readRecord(join(layerFolder(context, id), 'packed.json')) as
    | PackedRecord
    | undefined
  const made = Object.values(record?.packed ?? {})
  return (made.find(({ mediaType }) => mediaType.endsWith('gzip')) ?? made[0])?.size
}
