import { type ByteStream, Fault } from '../base/index.ts'
import type { StoredImage } from '../build/index.ts'
import {
  byCodeUnit,
  type Descriptor,
  type Digest,
  encodeTarHeader,
  familiarName,
  formatReference,
  type Manifest,
  parseReference,
  sha256,
  tarEnd,
  tarPadding,
  withDefaultTag,
} from '../image/index.ts'
import {
  blobName,
  type DockerManifest,
  type Index,
  layoutFile,
  mediaTypes,
  nameAnnotations,
} from './archive.ts'
import { readBlob } from './blobs.ts'
import type { StoreContext } from './context.ts'
import { unlessReadOnly } from './disk-fault.ts'
import { needImage, setManifest } from './images.ts'
import { describeLayer } from './save-layer.ts'
import { findTag } from './tags.ts'
import type { SaveOptions } from './types.ts'

/** One file of the archive; `open` is called when its turn comes. */
type File = { readonly name: string; readonly size: number; open(): ByteStream }

/** An image with its manifest and the names it was asked for by. */
type Saved = {
  readonly image: StoredImage
  readonly manifest: Manifest
  readonly bytes: Buffer
  readonly names: Set<string>
}

/**
 * `docker save`: one tar that is an OCI image layout and a Docker archive at once, unless `form` asks for one of them.
 * Equal images give equal bytes.
 * @throws Fault IMAGE_NOT_FOUND, ZSTD_WRITE_UNSUPPORTED
 */
export async function* save(
  context: StoreContext,
  references: readonly string[],
  options: SaveOptions,
): ByteStream {
  if (references.length === 0)
    throw new Fault('SAVE_NOTHING', 'no image to save', { kind: 'invalid' })
  const { signal, emit, form = 'both', names = [] } = options
  const files = new Map<string, File>()
  const saved = new Map<Digest, Saved>()
  for (const reference of references) {
    const image = needImage(context, reference)
    const known = saved.get(image.id) ?? (await describe(context, image, files, options))
    saved.set(image.id, known)
    for (const name of [...(findTag(context, reference) ? [reference] : []), ...names])
      known.names.add(formatReference(withDefaultTag(parseReference(name))))
  }
  if (form !== 'docker')
    for (const { image, bytes } of saved.values())
      if (image.manifest === null)
        unlessReadOnly(() => setManifest(context, image.id, sha256(bytes)))
  const all = [...saved.values()]
  const listed = [...files.values()].sort((a, b) => byCodeUnit(a.name, b.name))
  yield* folder('blobs')
  yield* folder('blobs/sha256')
  const total = listed.reduce((sum, { size }) => sum + size, 0)
  let done = 0
  for (const file of listed) {
    yield* member(file, signal)
    done += file.size
    emit({ kind: 'transfer', what: 'archive', done, total })
  }
  if (form !== 'docker') yield* member(textFile('index.json', JSON.stringify(indexOf(all))), signal)
  if (form !== 'oci')
    yield* member(textFile('manifest.json', JSON.stringify(dockerOf(all))), signal)
  if (form !== 'docker') yield* member(textFile('oci-layout', layoutFile), signal)
  yield tarEnd
}

async function describe(
  context: StoreContext,
  image: StoredImage,
  files: Map<string, File>,
  options: SaveOptions,
): Promise<Saved> {
  const layers: Descriptor[] = []
  for (const [at, id] of image.layers.entries()) {
    const { descriptor, open } = await describeLayer(context, id, options)
    layers.push(descriptor)
    const name = blobName(descriptor.digest)
    const diffId = image.config.rootfs.diff_ids[at]
    if (diffId && options.omit?.has(diffId)) continue
    files.set(name, { name, size: descriptor.size, open })
  }
  let size = 0
  for await (const chunk of readBlob(context, image.id)) size += chunk.length
  const configName = blobName(image.id)
  files.set(configName, { name: configName, size, open: () => readBlob(context, image.id) })
  const manifest: Manifest = {
    schemaVersion: 2,
    mediaType: mediaTypes.manifest,
    config: { mediaType: mediaTypes.config, digest: image.id, size },
    layers,
    ...(options.annotations ? { annotations: options.annotations } : {}),
  }
  const bytes = Buffer.from(JSON.stringify(manifest))
  const name = blobName(sha256(bytes))
  if (options.form !== 'docker') files.set(name, textFile(name, bytes))
  return { image, manifest, bytes, names: new Set() }
}

function indexOf(saved: readonly Saved[]): Index {
  return {
    schemaVersion: 2,
    mediaType: mediaTypes.index,
    manifests: saved.flatMap(({ image, bytes, names }) => {
      const { os, architecture, variant } = image.config
      const descriptor: Descriptor = {
        mediaType: mediaTypes.manifest,
        digest: sha256(bytes),
        size: bytes.length,
        platform: { os, architecture, ...(variant === undefined ? {} : { variant }) },
      }
      const named = [...names].sort(byCodeUnit).map((full) => ({
        ...descriptor,
        annotations: {
          [nameAnnotations.full]: full,
          [nameAnnotations.tag]: parseReference(full).tag ?? 'latest',
        },
      }))
      return named.length > 0 ? named : [descriptor]
    }),
  }
}

function dockerOf(saved: readonly Saved[]): DockerManifest {
  return saved.map(({ image, manifest, names }) => ({
    Config: blobName(image.id),
    RepoTags:
      names.size > 0
        ? [...names].sort(byCodeUnit).map((full) => familiarName(parseReference(full)))
        : null,
    Layers: manifest.layers.map(({ digest }) => blobName(digest)),
  }))
}

function textFile(name: string, text: string | Buffer): File {
  const bytes = Buffer.from(text)
  async function* open(): ByteStream {
    yield bytes
  }
  return { name, size: bytes.length, open }
}

const plain = { uid: 0, gid: 0, mtime: 0 } as const

function* folder(name: string): Generator<Uint8Array, void> {
  yield encodeTarHeader({ ...plain, name, kind: 'dir', mode: 0o755, size: 0 })
}

async function* member(file: File, signal: AbortSignal | undefined): ByteStream {
  signal?.throwIfAborted()
  yield encodeTarHeader({ ...plain, name: file.name, kind: 'file', mode: 0o644, size: file.size })
  let size = 0
  for await (const chunk of file.open()) {
    signal?.throwIfAborted()
    size += chunk.length
    yield chunk
  }
  if (size !== file.size)
    throw new Fault('SAVE_INCONSISTENT', `${file.name} has ${size} bytes and not ${file.size}`, {
      kind: 'internal',
      hint: 'Run `jettison fsck`: a layer of the store was changed.',
    })
  yield new Uint8Array(tarPadding(size))
}
