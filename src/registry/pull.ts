import { type EventSink, Fault, isFault } from '../base/index.ts'
import type { LayerInfo, StoredImage } from '../build/index.ts'
import { type HttpClient, readAll } from '../http/index.ts'
import {
  type Descriptor,
  type Digest,
  familiarName,
  isDigest,
  type Manifest,
  type Platform,
  parseReference,
  type Reference,
  sha256,
  withDefaultTag,
} from '../image/index.ts'
import { checkDigest, downloadBlob, downloadSmall } from './blob.ts'
import { type Endpoint, endpointsFor, openRegistryHttp } from './endpoint.ts'
import { answerFault } from './fault.ts'
import {
  choosePlatform,
  formatPlatform,
  mediaTypes,
  parseConfig,
  parseManifest,
} from './manifest.ts'
import { inParallel } from './parallel.ts'
import { openSession, type Session } from './session.ts'
import type { PullStore, RegistrySettings } from './types.ts'

/** 4 MiB, what registries agree to serve. */
const maxManifest = 4 * 1024 * 1024
const parallelLayers = 3

export type PullOptions = {
  readonly store: PullStore
  readonly platform: Platform
  readonly emit: EventSink
  readonly signal?: AbortSignal | undefined
  readonly settings?: RegistrySettings
}

/**
 * Pulls an image into the store and tags it with its familiar name. Layers that the store has are not downloaded;
 * what is downloaded becomes visible only after its size, digest and diffID were compared.
 * @throws Fault REGISTRY_UNREACHABLE, UNAUTHORIZED, MANIFEST_UNKNOWN, PLATFORM_MISSING, DIGEST_MISMATCH, …
 */
export async function pullImage(reference: string, options: PullOptions): Promise<StoredImage> {
  const name = withDefaultTag(parseReference(reference))
  const settings = options.settings ?? {}
  const http = openRegistryHttp(settings)
  try {
    return await firstThatWorks(endpointsFor(name, settings), options, (endpoint) =>
      pullFrom(http, endpoint, name, options),
    )
  } finally {
    http.close()
  }
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

async function pullFrom(
  http: HttpClient,
  endpoint: Endpoint,
  name: Reference,
  options: PullOptions,
): Promise<StoredImage> {
  const { store, signal, emit } = options
  const session = openSession({
    http,
    endpoint,
    actions: 'pull',
    credentials: options.settings?.credentials,
    retryMs: options.settings?.retryMs,
    onRetry: (why) =>
      emit({
        kind: 'notice',
        level: 'info',
        code: 'REGISTRY_RETRY',
        message: `${why}; trying again`,
      }),
  })
  const { manifest, digest, bytes } = await resolveManifest(session, name, options)
  const configBytes = await downloadSmall(session, manifest.config, maxManifest, signal)
  const config = parseConfig(configBytes, manifest.layers.length)
  if (config.os !== options.platform.os || config.architecture !== options.platform.architecture)
    emit({
      kind: 'notice',
      level: 'warning',
      code: 'PLATFORM_MISMATCH',
      message: `${familiarName(name)} is for ${config.os}/${config.architecture}, not for ${formatPlatform(options.platform)}`,
    })
  const layers = await pullLayers(session, manifest.layers, config.rootfs.diff_ids, options)
  await store.putBlob(bytes, { digest, signal })
  const id = store.adoptImage(
    configBytes,
    layers.map((layer) => layer.id),
  )
  store.setManifest(id, digest)
  if (name.tag !== null) store.tag(familiarName({ ...name, digest: null }), id)
  const image = store.findImage(id)
  if (!image) throw new Fault('IMAGE_LOST', `the image ${id} was removed while it was pulled`)
  return image
}

type Resolved = { readonly manifest: Manifest; readonly digest: Digest; readonly bytes: Uint8Array }

/** The manifest for the platform. A digest in the name, and one in an index, is compared with what arrives. */
async function resolveManifest(
  session: Session,
  name: Reference,
  options: PullOptions,
): Promise<Resolved> {
  const top = await fetchManifest(
    session,
    name.digest ?? name.tag ?? 'latest',
    name,
    options.signal,
  )
  if ('layers' in top.document)
    return { manifest: top.document, digest: top.digest, bytes: top.bytes }
  const chosen = choosePlatform(top.document, options.platform, familiarName(name))
  const inner = await fetchManifest(session, chosen.digest, name, options.signal)
  if (!('layers' in inner.document))
    throw new Fault('MANIFEST_INVALID', `${familiarName(name)} is an index of indexes`)
  return { manifest: inner.document, digest: inner.digest, bytes: inner.bytes }
}

async function fetchManifest(
  session: Session,
  target: string,
  name: Reference,
  signal: AbortSignal | undefined,
): Promise<{
  readonly document: ReturnType<typeof parseManifest>
  readonly digest: Digest
  readonly bytes: Buffer
}> {
  const accept = [...mediaTypes.index, ...mediaTypes.manifest].join(', ')
  const answer = await session.send(
    { method: 'GET', path: `manifests/${target}`, headers: { accept } },
    signal,
  )
  if (answer.status !== 200) throw await answerFault(answer, session.registry, familiarName(name))
  const bytes = await readAll(answer.body, maxManifest, `the manifest of ${familiarName(name)}`)
  const claimed = String(answer.headers['docker-content-digest'] ?? '')
  if (isDigest(target)) checkDigest(session.registry, bytes, target)
  else if (isDigest(claimed)) checkDigest(session.registry, bytes, claimed)
  const document = parseManifest(bytes, answer.headers['content-type'] ?? '')
  return { document, digest: sha256(bytes), bytes }
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
  await inParallel([...wanted], parallelLayers, options.signal, async ([diffId, layer], signal) => {
    const found =
      options.store.layerByDiffId(diffId) ??
      (await pullLayer(session, layer, diffId, { ...options, signal }))
    const place = `${session.registry}/${session.repository}`
    options.store.noteLayerPlace(found.id, layer.digest, place)
    done.set(diffId, found)
  })
  return diffIds.map((diffId) => done.get(diffId) as LayerInfo)
}

async function pullLayer(
  session: Session,
  layer: Descriptor,
  diffId: Digest,
  { store, emit, signal, settings }: PullOptions,
): Promise<LayerInfo> {
  const what = layer.digest.slice(7, 19)
  let shown = 0
  const onBytes = (count: number): void => {
    if (count < layer.size && count - shown < 1_000_000) return
    shown = count
    emit({ kind: 'transfer', what, done: count, total: layer.size })
  }
  const { rangesAbove } = settings ?? {}
  const archive = downloadBlob(session, layer, { signal, onBytes, rangesAbove })
  return await store.unpackLayer(archive, {
    mediaType: layer.mediaType,
    diffId,
    blob: layer.digest,
    signal,
  })
}
