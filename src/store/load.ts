import { createReadStream, readFileSync } from 'node:fs'
import type { ByteStream } from '../base/index.ts'
import type { LayerId } from '../build/index.ts'
import { type Digest, readImageConfig } from '../image/index.ts'
import { hasBlob, putBytes } from './blobs.ts'
import type { StoreContext } from './context.ts'
import { adoptImage, setManifest } from './images.ts'
import { invalidArchive, stageArchive } from './load-archive.ts'
import { stageFolder } from './load-folder.ts'
import { type PlannedImage, planArchive } from './load-plan.ts'
import { writeTag } from './tags.ts'
import type { LoadOptions } from './types.ts'
import { unpackLayer } from './unpack.ts'

/**
 * `docker load` of an archive, or of a folder with the same files. Each configuration's diffIDs are what its layers must digest to; names are given last.
 * @returns the names that were given, or the IDs of images without one
 * @throws Fault ARCHIVE_INVALID, DIGEST_MISMATCH, LAYER_*, TAR_*
 */
export async function load(
  context: StoreContext,
  archive: ByteStream | { readonly dir: string },
  options: LoadOptions,
): Promise<readonly string[]> {
  const staged =
    'dir' in archive
      ? stageFolder(archive.dir)
      : await stageArchive(context, archive, options.signal)
  try {
    const loaded: string[] = []
    for (const image of planArchive(staged, hostPlatform())) {
      const id = await loadImage(context, image, options)
      const names = options.names === 'drop' ? [] : image.names
      for (const name of names) writeTag(context, name, id)
      loaded.push(...(names.length > 0 ? names : [id]))
    }
    if (loaded.length === 0) throw invalidArchive('it has no image for this platform')
    return loaded
  } finally {
    staged.discard()
  }
}

async function loadImage(
  context: StoreContext,
  { config, layers, manifest }: PlannedImage,
  { signal, emit }: LoadOptions,
): Promise<Digest> {
  const diffIds = readDiffIds(config.path)
  if (diffIds.length !== layers.length)
    throw invalidArchive(`${layers.length} layers for ${diffIds.length} diffIDs`)
  const ids: LayerId[] = []
  for (const [index, { file, mediaType }] of layers.entries()) {
    const diffId = diffIds[index]
    if (!diffId) continue
    const bytes = readStaged(file.path)
    const { id, size } = await unpackLayer(context, bytes, { mediaType, diffId, signal })
    ids.push(id)
    emit({ kind: 'transfer', what: diffId.slice(7, 19), done: size, total: size })
  }
  const id = adoptImage(context, readFileSync(config.path), ids)
  if (manifest) {
    // Kept, so that a push leaves the digest as it is, and as the sign that the image came from elsewhere.
    if (!hasBlob(context, manifest.digest)) putBytes(context, readFileSync(manifest.path))
    setManifest(context, id, manifest.digest)
  }
  return id
}

/** Opened only when it is read: a layer that is there already is not. */
async function* readStaged(path: string): ByteStream {
  yield* createReadStream(path, { highWaterMark: 1 << 20 }) as AsyncIterable<Buffer>
}

function readDiffIds(path: string): readonly Digest[] {
  let document: unknown
  try {
    document = JSON.parse(readFileSync(path, 'utf8'))
  } catch (error) {
    throw invalidArchive('the configuration is no JSON', error)
  }
  const read = readImageConfig(document)
  if ('problem' in read) throw invalidArchive(`of the configuration ${read.problem}`)
  return read.config.rootfs.diff_ids
}

/** Node's names as Go's, which images use. */
export function hostPlatform(): { readonly os: string; readonly architecture: string } {
  const names: Readonly<Record<string, string>> = { x64: 'amd64', ia32: '386' }
  return { os: 'linux', architecture: names[process.arch] ?? process.arch }
}
