import { Fault } from '../base/index.ts'
import {
  type Descriptor,
  type Digest,
  isDigest,
  type Manifest,
  parseDigest,
} from '../image/index.ts'

/** Media type of the configuration of a build cache; the manifest around it is an OCI image manifest. */
export const cacheType = 'application/vnd.jettison.cache.config.v1+json'

/** Field of an image's configuration that holds its inline cache. */
export const inlineField = 'jettison.cache.v1'

/** Steps of a build, and which layer each of them made. */
export type CacheDocument = {
  readonly version: 1
  /** diffIDs, one for each layer of the manifest. */
  readonly layers: readonly Digest[]
  readonly records: readonly CacheRecord[]
  /** Cache mounts, by ID, and which layer holds their files. */
  readonly mounts?: readonly { readonly id: string; readonly layer: number }[]
}

export type CacheRecord = {
  readonly keys: readonly Digest[]
  readonly chain: Digest
  /** RFC 3339. */
  readonly created: string
  /** Index in `layers`. */
  readonly layer: number
}

/** A cache as it lies somewhere: what it knows, and the archives of its layers. */
export type CacheIndex = CacheDocument & { readonly archives: readonly Descriptor[] }

/**
 * Reads what somebody else wrote. Records that make no sense are left out: a cache that is not whole is a smaller one.
 * @throws Fault CACHE_INVALID when it is none at all
 */
export function parseCache(value: unknown, archives: readonly Descriptor[]): CacheIndex {
  const { version, layers, records, mounts } = (value ?? {}) as Readonly<Record<string, unknown>>
  if (version !== 1 || !Array.isArray(layers) || !Array.isArray(records))
    throw new Fault('CACHE_INVALID', 'it holds no build cache that this version can read')
  const diffIds = layers.map((text) => parseDigest(String(text)))
  if (diffIds.length !== archives.length)
    throw new Fault('CACHE_INVALID', 'its layers are not those of its manifest')
  const known = (records as readonly Readonly<Record<string, unknown>>[]).flatMap((record) => {
    const { keys, chain, created, layer } = record
    const right =
      Array.isArray(keys) &&
      keys.every((key) => typeof key === 'string' && isDigest(key)) &&
      typeof chain === 'string' &&
      isDigest(chain) &&
      typeof created === 'string' &&
      typeof layer === 'number' &&
      diffIds[layer] !== undefined
    return right ? [{ keys: keys as Digest[], chain: chain as Digest, created, layer }] : []
  })
  return {
    version: 1,
    layers: diffIds,
    records: known,
    mounts: mountsOf(mounts, diffIds),
    archives,
  }
}

function mountsOf(value: unknown, layers: readonly Digest[]): NonNullable<CacheDocument['mounts']> {
  const list = Array.isArray(value) ? (value as readonly Readonly<Record<string, unknown>>[]) : []
  return list.flatMap(({ id, layer }) =>
    typeof id === 'string' && typeof layer === 'number' && layers[layer] !== undefined
      ? [{ id, layer }]
      : [],
  )
}

/** A document of a cache that somebody else wrote. @throws Fault CACHE_INVALID */
export function cacheJson(text: string | Uint8Array, name: string): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(Buffer.from(text).toString('utf8'))
    if (typeof value === 'object' && value !== null) return value as Record<string, unknown>
  } catch (cause) {
    throw notJson(name, cause)
  }
  throw notJson(name)
}

function notJson(name: string, cause?: unknown): Fault {
  return new Fault('CACHE_INVALID', `${name} is no JSON document`, { cause })
}

/** The cache of a manifest: its configuration is one, or has one in it; null when it has none. @throws Fault CACHE_INVALID */
export function cacheOf(
  manifest: Pick<Manifest, 'config' | 'layers'>,
  config: Uint8Array,
): CacheIndex | null {
  const document = cacheJson(config, 'the configuration')
  if (manifest.config.mediaType === cacheType) return parseCache(document, manifest.layers)
  const inline = document[inlineField]
  if (inline === undefined) return null
  const { rootfs } = document as { readonly rootfs?: { readonly diff_ids?: unknown } }
  return parseCache({ ...(inline as object), layers: rootfs?.diff_ids }, manifest.layers)
}
