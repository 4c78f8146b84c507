import { type EventSink, Fault, isFault } from '../../base/index.ts'
import type { StoredImage } from '../../build/index.ts'
import type { Digest } from '../../image/index.ts'
import type { SaveOptions, Store } from '../../store/index.ts'
import type { DockerEngine } from './engine.ts'

export type TransferIo = { readonly emit: EventSink; readonly signal?: AbortSignal | undefined }

/**
 * Gives an image to an engine under these names (none: its ID only). Layers that one of its images begins with are not
 * sent again, where its store allows that.
 * @returns how many of the image's layers were sent
 * @throws Fault DOCKER_UNREACHABLE, DOCKER_REFUSED
 */
export async function handOver(
  engine: DockerEngine,
  store: Store,
  image: StoredImage,
  options: TransferIo & { readonly names: readonly string[] },
): Promise<{ readonly sent: number }> {
  const { names, emit, signal } = options
  const send = (more: Pick<SaveOptions, 'form' | 'omit'>): Promise<readonly string[]> =>
    engine.load(store.save([image.id], { names, emit, signal, ...more }), { signal })
  const shared = (await engine.keepsLayers({ signal }))
    ? await sharedLayers(engine, image, signal)
    : 0
  const omit = omittable(image.config.rootfs.diff_ids, shared)
  const form = shared > 0 ? 'docker' : 'both'
  try {
    await send({ form, omit })
  } catch (error) {
    // An image that had those layers may have been removed in the meantime.
    if (omit.size === 0 || !isFault(error) || error.code !== 'DOCKER_REFUSED') throw error
    await send({ form: 'both' })
  }
  await checkArrival(engine, image, names[0] ?? image.id, signal)
  return { sent: image.config.rootfs.diff_ids.filter((diffId) => !omit.has(diffId)).length }
}

/**
 * Takes an image from an engine into the store, without a name. One that the store has already is not sent.
 * @throws Fault IMAGE_NOT_FOUND, DOCKER_UNREACHABLE, those of a load
 */
export async function takeOver(
  engine: DockerEngine,
  store: Store,
  name: string,
  { emit, signal }: TransferIo,
): Promise<StoredImage> {
  const { id } = await engine.inspect(name, { signal })
  const present = store.findImage(id)
  if (present) return present
  // By ID: a name without a tag would bring every tag of it.
  const archive = engine.save(id, { signal })
  const [loaded = id] = await store.load(archive, { emit, signal, names: 'drop' })
  const image = store.findImage(loaded)
  if (image) return image
  throw new Fault('IMAGE_NOT_FOUND', `the Docker Engine has no ${name} for this platform`, {
    hint: 'docker image inspect shows the platform of an image',
  })
}

/** How many of the lowest layers an image of the engine has too: a layer of Docker's is known by all that is below it. */
async function sharedLayers(
  engine: DockerEngine,
  image: StoredImage,
  signal: AbortSignal | undefined,
): Promise<number> {
  const own = image.config.rootfs.diff_ids
  const common = (theirs: readonly Digest[]): number => {
    const at = own.findIndex((diffId, index) => diffId !== theirs[index])
    return at < 0 ? own.length : at
  }
  return Math.max(0, ...(await engine.images({ signal })).map(({ layers }) => common(layers)))
}

/** The same layer may lie once more higher up, where the engine does not have it. */
function omittable(diffIds: readonly Digest[], shared: number): ReadonlySet<Digest> {
  const above = new Set(diffIds.slice(shared))
  return new Set(diffIds.slice(0, shared).filter((diffId) => !above.has(diffId)))
}

async function checkArrival(
  engine: DockerEngine,
  image: StoredImage,
  name: string,
  signal: AbortSignal | undefined,
): Promise<void> {
  const { layers } = await engine.inspect(name, { signal })
  if (JSON.stringify(layers) === JSON.stringify(image.config.rootfs.diff_ids)) return
  throw new Fault('DOCKER_REFUSED', `the Docker Engine loaded something else as ${name}`, {
    hint: 'another program may have loaded an image of that name at the same moment; try again',
  })
}
