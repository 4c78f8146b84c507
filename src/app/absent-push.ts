import type { BuildResult, LayerId, StepIo } from '../build/index.ts'
import type { PushStore } from '../registry/index.ts'
import type { Store } from '../store/index.ts'

/** What a push reads of a build's result: of layers that are not here it knows the archive, and fetches them if it must. */
export type ResultStore = PushStore & Pick<Store, 'diffId'>

/**
 * The store as a push of a result sees it whose layers are partly elsewhere: what the registry has already, here or in
 * the repository that they come from, goes there without passing through here.
 */
export function resultStore(
  store: Store,
  { image, absent }: Pick<BuildResult, 'image' | 'absent'>,
  io: StepIo,
): ResultStore {
  const rows = new Map(absent.map((layer) => [layer.id, layer]))
  const here = async (id: LayerId): Promise<LayerId> => (await rows.get(id)?.fetch(io)) ?? id
  const isStored = !image.layers.some((id) => rows.has(id))
  return {
    putBlob: store.putBlob,
    diffId: async (id, options) => rows.get(id)?.diffId ?? (await store.diffId(id, options)),
    knownPacked: async (id, wish) => {
      const row = rows.get(id)
      if (!row) return store.knownPacked(id, wish)
      const came = compressionOf(row.archive.mediaType)
      const fits = came !== null && wish.level === null && (wish.algorithm ?? came) === came
      const { digest, size } = row.archive
      return fits ? { mediaType: `${layerType}+${came}`, digest, size } : undefined
    },
    makePacked: async (id, wish, options) => store.makePacked(await here(id), wish, options),
    startPacking: async (id, wish, options) => store.startPacking(await here(id), wish, options),
    layerPlaces: (id, digest) => {
      const place = rows.get(id)?.place
      return place === undefined ? store.layerPlaces(id, digest) : [place]
    },
    noteLayerPlace: (id, digest, place) => {
      if (!rows.has(id)) store.noteLayerPlace(id, digest, place)
    },
    readBlob: (digest, start) =>
      digest === image.id && !isStored ? configOf(image) : store.readBlob(digest, start),
    setManifest: (id, manifest) => {
      if (id !== image.id || isStored) store.setManifest(id, manifest)
    },
  }
}

const layerType = 'application/vnd.oci.image.layer.v1.tar'

function compressionOf(mediaType: string): 'gzip' | 'zstd' | null {
  const found = /[+.](gzip|zstd)$/.exec(mediaType)?.[1]
  return found === 'gzip' || found === 'zstd' ? found : null
}

async function* configOf({ config }: BuildResult['image']): AsyncGenerator<Uint8Array> {
  yield await Promise.resolve(Buffer.from(JSON.stringify(config)))
}
