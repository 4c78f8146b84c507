import { type EventSink, Fault } from '../base/index.ts'
import type { LayerId, LayerInfo } from '../build/index.ts'
import { readAll } from '../http/index.ts'
import {
  type Digest,
  familiarName,
  type Manifest,
  parseReference,
  type Reference,
  sha256,
  withDefaultTag,
} from '../image/index.ts'
import { downloadBlob, downloadSmall } from './blob.ts'
import {
  type CacheDocument,
  type CacheIndex,
  cacheJson,
  cacheOf,
  cacheType,
} from './cache-document.ts'
import { endpointsFor, endpointToPush, openRegistryHttp } from './endpoint.ts'
import { answerFault } from './fault.ts'
import { mediaTypes } from './manifest.ts'
import { atMost } from './parallel.ts'
import { pushManifest } from './push.ts'
import { type PushOptions, pushLayers } from './push-layers.ts'
import { openSession, type Session } from './session.ts'
import type { PullStore, RegistrySettings } from './types.ts'
import { uploadBlob } from './upload.ts'

const manifestType = 'application/vnd.oci.image.manifest.v1+json'
const parallelLayers = 3
const maxDocument = 16 * 1024 * 1024

/** A cache that is open: its layers are fetched one by one, when a step needs them. */
export type OpenCache = CacheIndex & {
  /** `HOST/REPOSITORY`; null for a folder. */
  readonly place: string | null
  fetch(layer: number, signal?: AbortSignal): Promise<LayerInfo>
  close(): void
}

type Options = {
  readonly store: Pick<PullStore, 'layerByDiffId' | 'unpackLayer'>
  readonly emit: EventSink
  readonly settings?: RegistrySettings
  readonly signal?: AbortSignal | undefined
}

/**
 * The cache of a reference: one that `pushCache` wrote, or the inline cache of an image.
 * @throws Fault CACHE_INVALID, and what a registry answers
 */
export async function openRegistryCache(reference: string, options: Options): Promise<OpenCache> {
  const { settings = {}, signal, store } = options
  const name = withDefaultTag(parseReference(reference))
  const http = openRegistryHttp(settings)
  try {
    const session = openSession({
      ...{ http, actions: 'pull', credentials: settings.credentials, retryMs: settings.retryMs },
      endpoint:
        endpointsFor(name, { ...settings, mirrors: [] })[0] ?? endpointToPush(name, settings),
      onRetry: () => {},
    })
    const manifest = await fetchManifest(session, name, signal)
    const config = await downloadSmall(session, manifest.config, maxDocument, signal)
    const cache = cacheOf(manifest, config)
    const inTurn = atMost(parallelLayers)
    const under = new Map<Digest | undefined, Promise<LayerInfo>>()
    if (cache === null)
      throw new Fault('CACHE_INVALID', `${familiarName(name)} holds no build cache`, {
        hint: 'write one with --cache-to type=registry or, within the image, type=inline',
      })
    return {
      ...cache,
      place: `${session.registry}/${session.repository}`,
      fetch: (layer, stop) => {
        // Several steps may have made the same layer.
        const diffId = cache.layers[layer]
        const fetching =
          under.get(diffId) ?? inTurn(() => fetchLayer(session, cache, layer, store, stop))
        under.set(diffId, fetching)
        return fetching
      },
      close: () => http.close(),
    }
  } catch (error) {
    http.close()
    throw error
  }
}

/** Pushes a cache as an OCI image manifest whose configuration names the steps. @returns the manifest's digest */
export async function pushCache(
  reference: string,
  document: CacheDocument,
  layers: readonly LayerId[],
  options: PushOptions,
): Promise<Digest> {
  const { signal, emit, settings = {} } = options
  const name = withDefaultTag(parseReference(reference))
  const http = openRegistryHttp(settings)
  try {
    const session = openSession({
      ...{
        http,
        actions: 'pull,push',
        credentials: settings.credentials,
        retryMs: settings.retryMs,
      },
      endpoint: endpointToPush(name, settings),
      onRetry: (why) =>
        emit({
          ...{ kind: 'notice', level: 'info', code: 'REGISTRY_RETRY' },
          message: `${why}; trying again`,
        }),
    })
    const archives = await pushLayers(session, layers, options)
    const bytes = Buffer.from(JSON.stringify(document))
    const config = { mediaType: cacheType, digest: sha256(bytes), size: bytes.length }
    await uploadBlob(session, config, {
      open: async function* open() {
        yield await Promise.resolve(bytes)
      },
      signal,
    })
    const manifest: Manifest = {
      schemaVersion: 2,
      mediaType: manifestType,
      config,
      layers: archives,
    }
    const body = { mediaType: manifestType, bytes: Buffer.from(JSON.stringify(manifest)) }
    return await pushManifest(session, body, name.tag ?? 'latest', familiarName(name), signal)
  } finally {
    http.close()
  }
}

async function fetchManifest(
  session: Session,
  name: Reference,
  signal: AbortSignal | undefined,
): Promise<Manifest> {
  const path = `manifests/${name.digest ?? name.tag ?? 'latest'}`
  const headers = { accept: mediaTypes.manifest.join(', ') }
  const answer = await session.send({ method: 'GET', path, headers }, signal)
  if (answer.status !== 200) throw await answerFault(answer, session.registry, familiarName(name))
  const bytes = await readAll(answer.body, maxDocument, `the manifest of ${familiarName(name)}`)
  return readCacheManifest(bytes, familiarName(name))
}

/** @throws Fault CACHE_INVALID */
export function readCacheManifest(bytes: Uint8Array, name: string): Manifest {
  const manifest: Partial<Manifest> = cacheJson(bytes, name)
  const { config, layers } = manifest
  if (config && Array.isArray(layers)) return { ...manifest, schemaVersion: 2, config, layers }
  throw new Fault('CACHE_INVALID', `${name} is no manifest of a build cache`)
}

async function fetchLayer(
  session: Session,
  cache: CacheIndex,
  layer: number,
  store: Options['store'],
  signal: AbortSignal | undefined,
): Promise<LayerInfo> {
  const archive = cache.archives[layer]
  const diffId = cache.layers[layer]
  if (!archive || diffId === undefined) throw new Fault('CACHE_INVALID', `no layer ${layer}`)
  const known = store.layerByDiffId(diffId)
  if (known) return known
  const { mediaType, digest: blob } = archive
  const bytes = downloadBlob(session, archive, { signal })
  return store.unpackLayer(bytes, { mediaType, diffId, blob, signal })
}
