import { createReadStream, readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { type ByteStream, Fault } from '../base/index.ts'
import type { LayerInfo, StoredImage } from '../build/index.ts'
import { type Descriptor, type Digest, digestHex, isDigest, sha256 } from '../image/index.ts'
import { choosePlatform, parseConfig, parseManifest } from './manifest.ts'
import type { PullOptions } from './pull.ts'

/** An image of an OCI layout on this disk: `PATH`, `PATH:tag` or `PATH@sha256:…`. */
export type LayoutReference = {
  readonly dir: string
  readonly tag: string | null
  readonly digest: Digest | null
}

/** Reads what follows `oci-layout://`. A path that exists as it stands has no tag. */
export function parseLayoutReference(text: string, cwd: string): LayoutReference {
  const [path = '', digest] = splitAt(text, '@')
  const wanted = digest !== undefined && isDigest(digest) ? digest : null
  const whole = wanted === null ? text : path
  const colon = whole.lastIndexOf(':')
  const tag = colon > whole.lastIndexOf('/') ? whole.slice(colon + 1) : null
  const dir = resolve(cwd, tag === null ? whole : whole.slice(0, colon))
  return { dir, tag, digest: wanted }
}

function splitAt(text: string, mark: string): readonly [string, string?] {
  const at = text.lastIndexOf(mark)
  return at < 0 ? [text] : [text.slice(0, at), text.slice(at + 1)]
}

/**
 * Puts the image of a layout into the store, without a name. Every digest and diffID is compared; nothing outside the
 * layout's `blobs` is read.
 * @throws Fault LAYOUT_INVALID, PLATFORM_MISSING, MANIFEST_INVALID, NOT_AN_IMAGE, DIGEST_MISMATCH
 */
export async function importLayout(
  reference: LayoutReference,
  { store, platform, signal }: Pick<PullOptions, 'store' | 'platform' | 'signal'>,
): Promise<StoredImage> {
  const { dir } = reference
  const top = chooseEntry(reference)
  const document = parseManifest(readLayoutBlob(dir, top.digest), top.mediaType)
  const chosen = 'layers' in document ? top : choosePlatform(document, platform, dir)
  const bytes = readLayoutBlob(dir, chosen.digest)
  const manifest = parseManifest(bytes, chosen.mediaType)
  if (!('layers' in manifest)) throw invalid(dir, 'an index names an index')
  const configBytes = readLayoutBlob(dir, manifest.config.digest)
  const config = parseConfig(configBytes, manifest.layers.length)
  const layers: LayerInfo[] = []
  for (const [at, layer] of manifest.layers.entries()) {
    const diffId = config.rootfs.diff_ids[at]
    if (diffId === undefined) continue
    const known = store.layerByDiffId(diffId)
    const { mediaType, digest: blob } = layer
    layers.push(
      known ??
        (await store.unpackLayer(streamLayoutBlob(dir, blob), { mediaType, diffId, blob, signal })),
    )
  }
  await store.putBlob(bytes, { digest: chosen.digest, signal })
  const id = store.adoptImage(
    configBytes,
    layers.map((layer) => layer.id),
  )
  store.setManifest(id, chosen.digest)
  const image = store.findImage(id)
  if (!image) throw new Fault('IMAGE_LOST', `the image ${id} was removed while it was read`)
  return image
}

/** The manifest or index that is meant: by digest, by tag, or the only one. */
function chooseEntry({ dir, tag, digest }: LayoutReference): Descriptor {
  if (digest !== null) return { mediaType: '', digest, size: 0 }
  const entries = indexOf(dir)
  const names = (entry: Descriptor): readonly string[] =>
    ['org.opencontainers.image.ref.name', 'io.containerd.image.name'].flatMap((key) => {
      const name = entry.annotations?.[key]
      return name === undefined ? [] : [name, name.slice(name.lastIndexOf(':') + 1)]
    })
  const [first, ...others] = entries
  const found = entries.find((entry) => names(entry).includes(tag ?? 'latest'))
  const only = others.length === 0 && (tag === null || (first && names(first).length === 0))
  const entry = found ?? (only ? first : undefined)
  if (entry) return entry
  const known = entries.flatMap(names).join(', ') || 'nothing that has a name'
  throw invalid(dir, `it has no image ${tag ?? 'latest'}`, `it has: ${known}`)
}

function indexOf(dir: string): readonly Descriptor[] {
  let text: Buffer
  try {
    text = readFileSync(join(dir, 'index.json'))
  } catch (error) {
    throw invalid(dir, `index.json: ${(error as NodeJS.ErrnoException).code ?? 'unreadable'}`)
  }
  const document = parseManifest(text, 'application/vnd.oci.image.index.v1+json')
  if ('layers' in document) throw invalid(dir, 'its index is a manifest')
  const { manifests } = JSON.parse(text.toString('utf8')) as {
    manifests: readonly { readonly annotations?: Readonly<Record<string, unknown>> }[]
  }
  return document.manifests.map((entry, at) => ({
    ...entry,
    annotations: Object.fromEntries(
      Object.entries(manifests[at]?.annotations ?? {}).map(([key, value]) => [key, String(value)]),
    ),
  }))
}

/** @throws Fault LAYOUT_INVALID, DIGEST_MISMATCH */
export function readLayoutBlob(dir: string, digest: Digest): Buffer {
  let bytes: Buffer
  try {
    bytes = readFileSync(blobPath(dir, digest))
  } catch (error) {
    throw invalid(dir, `${digest}: ${(error as NodeJS.ErrnoException).code ?? 'unreadable'}`)
  }
  if (sha256(bytes) === digest) return bytes
  throw new Fault('DIGEST_MISMATCH', `${dir}: what lies under ${digest} is something else`)
}

/** Not compared with its digest: whoever unpacks it does that. */
export async function* streamLayoutBlob(dir: string, digest: Digest): ByteStream {
  try {
    yield* createReadStream(blobPath(dir, digest), {
      highWaterMark: 1 << 20,
    }) as AsyncIterable<Buffer>
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    throw code === 'ENOENT' ? invalid(dir, `${digest} is missing`) : error
  }
}

function blobPath(dir: string, digest: Digest): string {
  return join(dir, 'blobs', 'sha256', digestHex(digest))
}

function invalid(dir: string, why: string, hint?: string): Fault {
  return new Fault('LAYOUT_INVALID', `${dir} cannot be used as an OCI layout: ${why}`, {
    kind: 'invalid',
    hint: hint ?? 'name a folder with index.json and blobs, as oci-layout://PATH[:TAG][@DIGEST]',
  })
}
