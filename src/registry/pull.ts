import { type ByteStream, type EventSink, Fault, isFault } from '../base/index.ts'
import type { LayerInfo, StoredImage } from '../build/index.ts'
import type { HttpClient } from '../http/index.ts'
import {
  type Descriptor,
  type Digest,
  familiarName,
  type ImageConfig,
  type Platform,
  parseReference,
  type Reference,
  withDefaultTag,
} from '../image/index.ts'
import { downloadBlob } from './blob.ts'
import { type Described, describe } from './describe.ts'
import { type Endpoint, endpointsFor, openRegistryHttp } from './endpoint.ts'
import { inParallel } from './parallel.ts'
import { openSession, type Session } from './session.ts'
import type { PullStore, RegistrySettings } from './types.ts'

const parallelLayers = 3

export type PullOptions = {
  readonly store: PullStore
  readonly platform: Platform
  readonly emit: EventSink
  readonly signal?: AbortSignal | undefined
  readonly settings?: RegistrySettings
  /** False leaves the image without a name in the store. */
  readonly named?: boolean
}

/** An image whose manifest and configuration a registry gave; of its layers nothing was fetched. */
export type RemoteImage = {
  readonly id: Digest
  readonly config: ImageConfig
  readonly manifest: Digest
  /** One for each diffID of the configuration. */
  readonly layers: readonly {
    readonly diffId: Digest
    readonly archive: Descriptor
    /** `HOST/REPOSITORY`. */
    readonly place: string
  }[]
  /** What `pullImage` does, of this very image. To be called once. */
  pull(io: Pick<PullOptions, 'emit' | 'signal'>): Promise<StoredImage>
  /**
   * Instead of `pull`, once: hands the archive of each layer to `use`, a few layers at a time and each only once. Sizes
   * and digests are compared when a stream ends; nothing is kept.
   */
  read(
    use: (diffId: Digest, archive: ByteStream) => Promise<void>,
    io: Pick<PullOptions, 'emit' | 'signal'>,
  ): Promise<void>
  /** For whoever wants neither. */
  close(): void
}

/**
 * Pulls an image into the store and tags it with its familiar name. Layers that the store has are not downloaded;
 * what is downloaded becomes visible only after its size, digest and diffID were compared.
 * @throws Fault REGISTRY_UNREACHABLE, UNAUTHORIZED, MANIFEST_UNKNOWN, PLATFORM_MISSING, DIGEST_MISMATCH, …
 */
export async function pullImage(reference: string, options: PullOptions): Promise<StoredImage> {
  const { name, http, endpoints } = asked(reference, options)
  try {
    return await firstThatWorks(endpoints, options, async (endpoint) => {
      const session = open(http, endpoint, options)
      return pullFrom(session, name, await describe(session, name, options), options)
    })
  } finally {
    http.close()
  }
}

/**
 * Asks for manifest and configuration only. A later `pull` takes the layers from where these came from, or from the
 * places that come after it.
 * @throws as `pullImage`
 */
export async function findRemoteImage(
  reference: string,
  options: PullOptions,
): Promise<RemoteImage> {
  const { name, http, endpoints } = asked(reference, options)
  try {
    return await firstThatWorks(endpoints, options, async (endpoint) => {
      const session = open(http, endpoint, options)
      const described = await describe(session, name, options)
      const { id, config, manifest, digest } = described
      const place = `${session.registry}/${session.repository}`
      const rest = endpoints.slice(endpoints.indexOf(endpoint))
      return {
        ...{ id, config, manifest: digest },
        layers: manifest.layers.map((archive, at) => ({
          ...{ archive, place, diffId: config.rootfs.diff_ids[at] as Digest },
        })),
        pull: async (io) => {
          const now = { ...options, ...io }
          try {
            return await firstThatWorks(rest, now, (next) =>
              // The first one knows us.
              pullFrom(next === endpoint ? session : open(http, next, now), name, described, now),
            )
          } finally {
            http.close()
          }
        },
        read: async (use, io) => {
          try {
            await readLayers(session, described, { ...options, ...io }, use)
          } finally {
            http.close()
          }
        },
        close: () => http.close(),
      }
    })
  } catch (error) {
    http.close()
    throw error
  }
}

function asked(
  reference: string,
  { settings = {} }: PullOptions,
): {
  readonly name: Reference
  readonly http: HttpClient
  readonly endpoints: readonly Endpoint[]
} {
  const name = withDefaultTag(parseReference(reference))
  const endpoints = endpointsFor(name, settings)
  return { name, endpoints, http: openRegistryHttp(settings) }
}

/** Mirrors are asked first; whatever one of them answers wrongly, the next is asked. */
async function firstThatWorks<T>(
  endpoints: readonly Endpoint[],
  { emit, signal }: Pick<PullOptions, 'emit' | 'signal'>,
  use: (endpoint: Endpoint) => Promise<T>,
): Promise<T> {
  for (const [index, endpoint] of endpoints.entries()) {
    try {
      return await use(endpoint)
    } catch (error) {
      signal?.throwIfAborted()
      if (!isFault(error) || index === endpoints.length - 1) throw error
      emit({
        kind: 'notice',
        level: 'warning',
        code: 'MIRROR_FAILED',
        message: `mirror ${endpoint.registry}: ${error.message}`,
      })
    }
  }
  throw new TypeError('no endpoint')
}

function open(http: HttpClient, endpoint: Endpoint, { emit, settings }: PullOptions): Session {
  return openSession({
    http,
    endpoint,
    actions: 'pull',
    credentials: settings?.credentials,
    retryMs: settings?.retryMs,
    onRetry: (why) =>
      emit({
        kind: 'notice',
        level: 'info',
        code: 'REGISTRY_RETRY',
        message: `${why}; trying again`,
      }),
  })
}

async function pullFrom(
  session: Session,
  name: Reference,
  { id, config, configBytes, manifest, digest, bytes }: Described,
  options: PullOptions,
): Promise<StoredImage> {
  const { store, signal } = options
  const layers = await pullLayers(session, manifest.layers, config.rootfs.diff_ids, options)
  await store.putBlob(bytes, { digest, signal })
  store.adoptImage(
    configBytes,
    layers.map((layer) => layer.id),
  )
  store.setManifest(id, digest)
  if (name.tag !== null && options.named !== false)
    store.tag(familiarName({ ...name, digest: null }), id)
  const image = store.findImage(id)
  if (!image) throw new Fault('IMAGE_LOST', `the image ${id} was removed while it was pulled`)
  return image
}

async function pullLayers(
  session: Session,
  layers: readonly Descriptor[],
  diffIds: readonly Digest[],
  options: PullOptions,
): Promise<readonly LayerInfo[]> {
  // A layer may occur twice in one image; it is fetched once.
  const wanted = new Map(layers.map((layer, index) => [diffIds[index] as Digest, layer]))
  const done = new Map<Digest, LayerInfo>()
  // The last one to begin should not be the one that takes longest.
  const largestFirst = [...wanted].sort(([, a], [, b]) => b.size - a.size)
  await inParallel(
    largestFirst,
    parallelLayers,
    options.signal,
    async ([diffId, layer], signal) => {
      const found =
        options.store.layerByDiffId(diffId) ??
        (await pullLayer(session, layer, diffId, { ...options, signal }))
      const place = `${session.registry}/${session.repository}`
      options.store.noteLayerPlace(found.id, layer.digest, place)
      done.set(diffId, found)
    },
  )
  return diffIds.map((diffId) => done.get(diffId) as LayerInfo)
}

/** A layer may occur twice in one image; it is fetched once. */
async function readLayers(
  session: Session,
  { manifest, config }: Described,
  options: Omit<PullOptions, 'store'>,
  use: (diffId: Digest, archive: ByteStream) => Promise<void>,
): Promise<void> {
  const ids = config.rootfs.diff_ids
  const wanted = new Map(manifest.layers.map((layer, at) => [ids[at] as Digest, layer]))
  await inParallel([...wanted], parallelLayers, options.signal, ([diffId, layer], signal) =>
    use(diffId, archiveOf(session, layer, { ...options, signal })),
  )
}

async function pullLayer(
  session: Session,
  layer: Descriptor,
  diffId: Digest,
  options: PullOptions,
): Promise<LayerInfo> {
  return await options.store.unpackLayer(archiveOf(session, layer, options), {
    mediaType: layer.mediaType,
    diffId,
    blob: layer.digest,
    signal: options.signal,
  })
}

/** The bytes of a layer as they come, told about from time to time. */
function archiveOf(
  session: Session,
  layer: Descriptor,
  { emit, signal, settings }: Omit<PullOptions, 'store'>,
): ByteStream {
  const what = layer.digest.slice(7, 19)
  let shown = 0
  const onBytes = (count: number): void => {
    if (count < layer.size && count - shown < 1_000_000) return
    shown = count
    emit({ kind: 'transfer', what, done: count, total: layer.size })
  }
  const { rangesAbove } = settings ?? {}
  return downloadBlob(session, layer, { signal, onBytes, rangesAbove })
}
