import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { Fault, isFault } from '../base/index.ts'
import {
  type AbsentLayer,
  absentName,
  type BaseImage,
  type LayerId,
  type StepIo,
  type StoredImage,
} from '../build/index.ts'
import { type Digest, digestHex } from '../image/index.ts'
import { baseNotFound, findRemoteImage, type RemoteImage } from '../registry/index.ts'
import { hostPlatform } from './platform.ts'
import { registrySettings } from './registry-settings.ts'
import type { Session } from './session.ts'
import { standInFor } from './stand-ins.ts'

/**
 * Finds the image that a FROM names in its registry: of what the store lacks nothing is fetched before somebody asks for
 * one of the layers, and then all of it.
 * @throws Fault BASE_NOT_FOUND and what a registry answers; so does the fetch of a layer
 */
export async function pullBase(
  session: Session,
  reference: string,
  io: StepIo,
): Promise<BaseImage> {
  const { store } = session
  const named = async <T>(work: Promise<T>): Promise<T> => {
    try {
      return await work
    } catch (error) {
      throw withOwnHint(reference, baseNotFound(reference, error))
    }
  }
  const { emit, signal } = io
  const platform = hostPlatform()
  const settings = registrySettings(session)
  const found = await named(findRemoteImage(reference, { store, platform, emit, signal, settings }))
  let pulling: Promise<StoredImage> | undefined
  const pull = (now: StepIo): Promise<StoredImage> => {
    pulling ??= named(oneOfAll(session, found.id, now, () => found.pull(now)))
    return pulling
  }
  const rows = found.layers.map((layer, at) =>
    rowOf(session, layer, async (now) => {
      const { layers } = await pull(now)
      return layers[at] as LayerId
    }),
  )
  const absent = rows.flatMap((row) => row.absent ?? [])
  // Nothing to fetch: it only has to become an image of the store.
  if (absent.length === 0) return { ...(await pull(io)), absent }
  const { id, config, manifest } = found
  return { id, config, manifest, layers: rows.map((row) => row.id), absent }
}

/**
 * Of several processes that fetch one image at the same time one does it, and the others find its layers when it is done.
 * Where no lock can be had each does it for itself, as it may.
 */
async function oneOfAll<T>(
  { store }: Session,
  id: Digest,
  { signal }: StepIo,
  work: () => Promise<T>,
): Promise<T> {
  const { holdLock } = await import('../engines/index.ts')
  const folder = join(store.root, 'locks')
  // Stores made before there was this folder do not have it.
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  const lock = await holdLock([join(folder, digestHex(id))], signal).catch((error: unknown) => {
    if (isFault(error)) return undefined
    throw error
  })
  try {
    return await work()
  } finally {
    await lock?.release()
  }
}

function rowOf(
  { store }: Session,
  layer: RemoteImage['layers'][number],
  fetch: AbsentLayer['fetch'],
): { readonly id: LayerId; readonly absent?: AbsentLayer } {
  const known = store.layerByDiffId(layer.diffId)
  if (known) return { id: known.id }
  const id = absentName(layer.diffId)
  return { id, absent: { id, ...layer, fetch } }
}

/** Everything of the image, in the store. */
export async function wholeBase(
  { store }: Pick<Session, 'store'>,
  { absent, ...image }: BaseImage,
  io: StepIo,
): Promise<StoredImage> {
  if (absent.length === 0) return image
  const here = new Map<LayerId, LayerId>()
  await Promise.all(absent.map(async (layer) => here.set(layer.id, await layer.fetch(io))))
  const layers = image.layers.map((id) => here.get(id) ?? id)
  return store.findImage(image.id) ?? { ...image, layers }
}

/** Stand-ins are offered only for what they stand for. */
function withOwnHint(reference: string, error: unknown): unknown {
  if (!isFault(error) || error.code !== 'BASE_NOT_FOUND' || standInFor(reference)) return error
  return new Fault(error.code, error.message, {
    hint: 'check the name and the tag, and that its registry can be reached; nothing stands in for it',
    cause: error,
  })
}
