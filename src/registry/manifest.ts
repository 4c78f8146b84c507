import { Fault } from '../base/index.ts'
import {
  type Descriptor,
  type ImageConfig,
  type Manifest,
  type Platform,
  parseDigest,
  readImageConfig,
} from '../image/index.ts'

/** Media types of OCI and of Docker schema 2, which differ in nothing else that matters here. */
export const mediaTypes = {
  index: [
    'application/vnd.oci.image.index.v1+json',
    'application/vnd.docker.distribution.manifest.list.v2+json',
  ],
  manifest: [
    'application/vnd.oci.image.manifest.v1+json',
    'application/vnd.docker.distribution.manifest.v2+json',
  ],
  config: [
    'application/vnd.oci.image.config.v1+json',
    'application/vnd.docker.container.image.v1+json',
  ],
  layer: [
    'application/vnd.oci.image.layer.v1.tar',
    'application/vnd.oci.image.layer.v1.tar+gzip',
    'application/vnd.oci.image.layer.v1.tar+zstd',
    'application/vnd.docker.image.rootfs.diff.tar',
    'application/vnd.docker.image.rootfs.diff.tar.gzip',
    'application/vnd.docker.image.rootfs.diff.tar.zstd',
  ],
} as const

export type Index = { readonly manifests: readonly Descriptor[] }

type Fields = Readonly<Record<string, unknown>>

/**
 * Reads a manifest or an index, whatever the registry called it: a document that could be taken for both is refused
 * (CVE-2021-41190), and so are artifacts, foreign layers and digests that are not sha256.
 * @throws Fault MANIFEST_INVALID, NOT_AN_IMAGE
 */
export function parseManifest(bytes: Uint8Array, contentType: string): Manifest | Index {
  const document = parseObject(bytes)
  const { mediaType = contentType.split(';')[0]?.trim(), layers, manifests, config } = document
  if (document['schemaVersion'] !== 2) throw invalid('its schema version is not 2')
  if ((layers !== undefined || config !== undefined) && manifests !== undefined)
    throw invalid('it is a manifest and an index at once')
  if (manifests !== undefined) {
    if (includes(mediaTypes.manifest, mediaType)) throw invalid('it is an index called a manifest')
    return { manifests: list(manifests).map(descriptor) }
  }
  if (includes(mediaTypes.index, mediaType)) throw invalid('it is a manifest called an index')
  const manifest: Manifest = {
    schemaVersion: 2,
    config: descriptor(config),
    layers: list(layers).map(layerDescriptor),
  }
  if (!includes(mediaTypes.config, manifest.config.mediaType))
    throw notAnImage(`its configuration is of type ${manifest.config.mediaType}`)
  return manifest
}

/**
 * The entry of an index for a platform. `arm64` is `arm64/v8`; an older 32-bit ARM runs on a newer one.
 * @throws Fault PLATFORM_MISSING, which names what there is
 */
export function choosePlatform(index: Index, wanted: Platform, name: string): Descriptor {
  const ranked = index.manifests
    .map((entry) => ({ entry, rank: rankOf(entry.platform, wanted) }))
    .filter(({ rank }) => rank >= 0)
    .sort((a, b) => a.rank - b.rank)
  const [best] = ranked
  if (best) return best.entry
  const [only] = index.manifests
  if (only && index.manifests.length === 1 && !only.platform) return only
  const known = index.manifests.flatMap(({ platform }) =>
    platform && platform.os !== 'unknown' ? [formatPlatform(platform)] : [],
  )
  throw new Fault('PLATFORM_MISSING', `${name} has no image for ${formatPlatform(wanted)}`, {
    hint: `it has: ${[...new Set(known)].slice(0, 20).join(', ') || 'nothing with a platform'}`,
  })
}

/** @throws Fault MANIFEST_INVALID when it is no configuration or its layers are not those of the manifest */
export function parseConfig(bytes: Uint8Array, layers: number): ImageConfig {
  const read = readImageConfig(parseObject(bytes))
  if ('problem' in read) throw notAnImage(`of its configuration ${read.problem}`)
  const { length } = read.config.rootfs.diff_ids
  if (length !== layers)
    throw invalid(`its configuration names ${length} layers, the manifest ${layers}`)
  return read.config
}

export function formatPlatform({ os, architecture, variant }: Platform): string {
  return [os, architecture, ...(variant ? [variant] : [])].join('/')
}

function rankOf(platform: Platform | undefined, wanted: Platform): number {
  if (platform?.os !== wanted.os || platform.architecture !== wanted.architecture) return -1
  const have = variantOf(platform)
  const want = variantOf(wanted)
  if (have === want) return 0
  const older = Number(want.slice(1)) - Number(have.slice(1))
  return older > 0 ? older : -1
}

function variantOf({ architecture, variant }: Platform): string {
  return variant ?? { arm64: 'v8', arm: 'v7', amd64: 'v1' }[architecture] ?? ''
}

function layerDescriptor(value: unknown): Descriptor {
  const layer = descriptor(value)
  if ((value as Fields)['urls'] !== undefined)
    throw notAnImage('a layer is to be fetched from elsewhere')
  if (!includes(mediaTypes.layer, layer.mediaType))
    throw notAnImage(`a layer is of type ${layer.mediaType}`)
  return layer
}

function descriptor(value: unknown): Descriptor {
  const { mediaType, digest, size, platform } = (value ?? {}) as Fields
  if (typeof mediaType !== 'string' || typeof digest !== 'string')
    throw invalid('a descriptor is incomplete')
  if (!Number.isSafeInteger(size) || Number(size) < 0) throw invalid('a descriptor has no size')
  const { os, architecture, variant } = (platform ?? {}) as Fields
  const known = typeof os === 'string' && typeof architecture === 'string'
  return {
    mediaType: printable(mediaType),
    digest: parseDigest(digest),
    size: Number(size),
    ...(known
      ? {
          platform: {
            os: printable(os),
            architecture: printable(architecture),
            ...(typeof variant === 'string' ? { variant: printable(variant) } : {}),
          },
        }
      : {}),
  }
}

function list(value: unknown): readonly unknown[] {
  if (!Array.isArray(value) || value.length > 1000) throw invalid('a list is missing or too long')
  return value
}

function parseObject(bytes: Uint8Array): Fields {
  try {
    const value: unknown = JSON.parse(Buffer.from(bytes).toString('utf8'))
    if (value !== null && typeof value === 'object' && !Array.isArray(value)) return value as Fields
  } catch {
    // Said below, without the text.
  }
  throw invalid('it is no JSON object')
}

function includes(types: readonly string[], type: unknown): boolean {
  return typeof type === 'string' && types.includes(type)
}

function printable(text: string): string {
  return text.replace(/[^\x20-\x7e]/g, '?').slice(0, 100)
}

function invalid(why: string): Fault {
  return new Fault(
    'MANIFEST_INVALID',
    `the registry gave a document that is no image manifest: ${why}`,
  )
}

function notAnImage(why: string): Fault {
  return new Fault('NOT_AN_IMAGE', `this is not a container image that can be used: ${why}`)
}
