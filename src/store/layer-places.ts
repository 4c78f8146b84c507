import { join } from 'node:path'
import type { LayerId } from '../build/index.ts'
import type { Digest } from '../image/index.ts'
import type { StoreContext } from './context.ts'
import { layerFolder } from './layers.ts'
import { readRecord, writeLossyRecord } from './records.ts'

/** `layers/ID/places.json`: `HOST/REPOSITORY` by the digest of the archive that is there; the newest first. */
type Places = {
  readonly version: 1
  readonly places: Readonly<Record<string, readonly string[]>>
}

const most = 8

/** Repositories that are known to have an archive of the layer: a push mounts it from there. */
export function layerPlaces(context: StoreContext, id: LayerId, digest: Digest): readonly string[] {
  return read(context, id).places[digest] ?? []
}

export function noteLayerPlace(
  context: StoreContext,
  id: LayerId,
  digest: Digest,
  place: string,
): void {
  const { places } = read(context, id)
  const before = places[digest] ?? []
  if (before[0] === place) return
  const now = [place, ...before.filter((one) => one !== place)].slice(0, most)
  const record: Places = { version: 1, places: { ...places, [digest]: now } }
  writeLossyRecord(context, pathOf(context, id), record)
}

function read(context: StoreContext, id: LayerId): Places {
  const record = readRecord(pathOf(context, id)) as Places | undefined
  return record?.version === 1 ? record : { version: 1, places: {} }
}

function pathOf(context: StoreContext, id: LayerId): string {
  return join(layerFolder(context, id), 'places.json')
}
