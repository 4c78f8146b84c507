import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { open } from 'node:fs/promises'
import { join } from 'node:path'
import { type ByteStream, Fault } from '../base/index.ts'
import type { LayerId } from '../build/index.ts'
import { type Descriptor, type Digest, digestHex, type Manifest, sha256 } from '../image/index.ts'
import { type OpenCache, readCacheManifest } from './cache.ts'
import { type CacheDocument, cacheJson, cacheOf, cacheType } from './cache-document.ts'
import { readLayoutBlob, streamLayoutBlob } from './layout.ts'
import type { PullStore, PushStore } from './types.ts'

const manifestType = 'application/vnd.oci.image.manifest.v1+json'

type IndexEntry = Descriptor & { readonly annotations?: Readonly<Record<string, string>> }

/** Writes a cache into a folder as an OCI layout, beside what is there under other tags. */
export async function writeCacheLayout(
  dir: string,
  tag: string,
  cache: {
    readonly document: CacheDocument
    readonly layers: readonly LayerId[]
    readonly store: Pick<PushStore, 'makePacked' | 'readBlob'>
    readonly compression: {
      readonly algorithm: 'gzip' | 'zstd' | null
      readonly level: number | null
    }
    readonly signal?: AbortSignal | undefined
  },
): Promise<Digest> {
  const { document, store, signal } = cache
  mkdirSync(join(dir, 'blobs/sha256'), { recursive: true })
  const archives: Descriptor[] = []
  for (const id of cache.layers) {
    const packed = await store.makePacked(id, cache.compression, { signal })
    await writeStream(blobPath(dir, packed.digest), store.readBlob(packed.digest))
    archives.push(packed)
  }
  const config = putDocument(dir, cacheType, document)
  const made = { schemaVersion: 2, mediaType: manifestType, config, layers: archives }
  const manifest = putDocument(dir, manifestType, made)
  const annotations = { 'org.opencontainers.image.ref.name': tag }
  const others = indexOf(dir).filter((entry) => tagOf(entry) !== tag)
  const index = { schemaVersion: 2, manifests: [...others, { ...manifest, annotations }] }
  replace(join(dir, 'oci-layout'), '{"imageLayoutVersion":"1.0.0"}')
  replace(join(dir, 'index.json'), JSON.stringify(index))
  return manifest.digest
}

/** Opens a cache that `writeCacheLayout` wrote. @throws Fault CACHE_INVALID, LAYOUT_INVALID, DIGEST_MISMATCH */
export function openCacheLayout(
  dir: string,
  wanted: { readonly tag: string; readonly digest: Digest | null },
  store: Pick<PullStore, 'layerByDiffId' | 'unpackLayer'>,
): OpenCache {
  const digest = wanted.digest ?? indexOf(dir).find((entry) => tagOf(entry) === wanted.tag)?.digest
  if (digest === undefined)
    throw new Fault('CACHE_INVALID', `${dir} holds no build cache under the tag ${wanted.tag}`)
  const manifest: Manifest = readCacheManifest(readLayoutBlob(dir, digest), dir)
  const cache = cacheOf(manifest, readLayoutBlob(dir, manifest.config.digest))
  if (cache === null) throw new Fault('CACHE_INVALID', `${dir} holds no build cache`)
  return {
    ...cache,
    place: null,
    fetch: async (layer, signal) => {
      const archive = cache.archives[layer]
      const diffId = cache.layers[layer]
      if (!archive || diffId === undefined) throw new Fault('CACHE_INVALID', `no layer ${layer}`)
      const { mediaType, digest: blob } = archive
      return (
        store.layerByDiffId(diffId) ??
        (await store.unpackLayer(streamLayoutBlob(dir, blob), { mediaType, diffId, blob, signal }))
      )
    },
    close: () => {},
  }
}

function indexOf(dir: string): readonly IndexEntry[] {
  const path = join(dir, 'index.json')
  if (!existsSync(path)) return []
  const { manifests } = cacheJson(readFileSync(path), path) as { manifests?: IndexEntry[] }
  return Array.isArray(manifests) ? manifests : []
}

function tagOf({ annotations }: IndexEntry): string | undefined {
  return annotations?.['org.opencontainers.image.ref.name']
}

function putDocument(dir: string, mediaType: string, value: unknown): Descriptor {
  const bytes = Buffer.from(JSON.stringify(value))
  const digest = sha256(bytes)
  replace(blobPath(dir, digest), bytes)
  return { mediaType, digest, size: bytes.length }
}

/** A file appears under its name only when it is whole. */
function replace(path: string, bytes: string | Uint8Array): void {
  const partial = `${path}.${process.pid}.partial`
  writeFileSync(partial, bytes)
  renameSync(partial, path)
}

async function writeStream(path: string, bytes: ByteStream): Promise<void> {
  if (existsSync(path)) return
  const partial = `${path}.${process.pid}.partial`
  const file = await open(partial, 'w')
  try {
    for await (const chunk of bytes)
      for (let at = 0; at < chunk.length; ) at += (await file.write(chunk, at)).bytesWritten
    renameSync(partial, path)
  } finally {
    await file.close()
    // Still there only when something went wrong.
    rmSync(partial, { force: true })
  }
}

function blobPath(dir: string, digest: Digest): string {
  return join(dir, 'blobs/sha256', digestHex(digest))
}
