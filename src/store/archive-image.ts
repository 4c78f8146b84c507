import { createHash } from 'node:crypto'
import { closeSync, createReadStream, fstatSync, openSync, statSync } from 'node:fs'
import { posix } from 'node:path'
import { type ByteStream, Fault } from '../base/index.ts'
import {
  type ByteSource,
  type Digest,
  type FileTree,
  familiarName,
  type ImageConfig,
  type LayerFile,
  overlayTree,
  parseDigest,
  parseReference,
  scanTar,
  type TarLayer,
  tarLayer,
  withDefaultTag,
} from '../image/index.ts'
import { sniff } from './decompress.ts'
import { parseConfig } from './images.ts'
import { hostPlatform } from './load.ts'
import { invalidArchive, memberName, parseStagedJson, type StagedArchive } from './load-archive.ts'
import { stageFolder } from './load-folder.ts'
import { type PlannedImage, planArchive } from './load-plan.ts'
import { filePart, spill } from './nameless-file.ts'

/** An image read where it lies: nothing of it comes into the store, and no file of it onto the disk. */
export type ArchiveImage = {
  /** The configuration's digest. */
  readonly id: Digest
  readonly names: readonly string[]
  readonly config: ImageConfig
  readonly tree: FileTree
  /** Each layer as a tree of its own, lowest first, its regular files and their sum. */
  readonly layers: readonly {
    readonly tree: FileTree
    readonly bytes: number
    readonly files: () => Iterable<LayerFile>
  }[]
  readonly close: () => void
}

/**
 * Opens an archive of `docker save`, an OCI archive, or an OCI layout folder. A layer that is not compressed is read in
 * place; a compressed one becomes one nameless file in `temporary`, gone with the process.
 * @param wanted name of the image, where it has several
 * @throws Fault IMAGE_NOT_FOUND, ARCHIVE_INVALID, TAR_*, LAYER_CORRUPT
 */
export async function openArchiveImage(
  path: string,
  temporary: string,
  wanted?: string,
): Promise<ArchiveImage> {
  const opened: number[] = []
  const close = (): void => {
    for (const descriptor of opened.splice(0)) closeSync(descriptor)
  }
  const keep = async (stream: ByteStream): Promise<ByteSource> => {
    const { descriptor, bytes } = await spill(stream, temporary)
    opened.push(descriptor)
    return bytes
  }
  const openPart = (file: string): ByteSource => {
    const descriptor = openSync(file, 'r')
    opened.push(descriptor)
    return filePart(descriptor, 0, fstatSync(descriptor).size)
  }
  try {
    const staged = statSync(path).isDirectory()
      ? folderParts(path, openPart)
      : await archiveParts(await plain(openPart(path), path, keep))
    const image = chosen(planArchive(staged, hostPlatform()), wanted)
    const config = parseConfig(JSON.stringify(staged.json(image.config.path)))
    if (!config) throw invalidArchive('the configuration is no image configuration')
    if (config.rootfs.diff_ids.length !== image.layers.length)
      throw invalidArchive(
        `${image.layers.length} layers for ${config.rootfs.diff_ids.length} diffIDs`,
      )
    const layers = []
    for (const { file } of image.layers) {
      const source = staged.part(file.path)
      const bytes = await plain(source, undefined, keep)
      layers.push(tarLayer(bytes, layers.length))
    }
    return {
      id: image.config.digest,
      names: image.names,
      config,
      ...treesOf(layers),
      close,
    }
  } catch (error) {
    close()
    throw error
  }
}

function chosen(images: readonly PlannedImage[], wanted: string | undefined): PlannedImage {
  const [first, ...others] = images
  if (!first) throw invalidArchive('it has no image for this platform')
  const names = images.flatMap((image) => image.names)
  const choose = `write one of them behind the file: ${names.map((name) => `FILE:${name}`).join(', ')}`
  if (wanted !== undefined) {
    const name = familiarName(withDefaultTag(parseReference(wanted)))
    const found = images.find((image) => image.names.includes(name))
    if (found) return found
    const hint = names.length > 0 ? choose : 'its images have no names; load it to look at one'
    throw new Fault('IMAGE_NOT_FOUND', `the archive has no image ${name}`, { hint })
  }
  if (others.every(({ config }) => config.digest === first.config.digest)) return first
  throw invalidArchive(`it has ${images.length} images; ${choose}`)
}

/** The merged tree, and each layer by itself. */
export function treesOf(layers: readonly TarLayer[]): Pick<ArchiveImage, 'tree' | 'layers'> {
  return {
    tree: overlayTree(layers.map(({ view }) => view)),
    layers: layers.map(({ view, bytes, files }) => ({ tree: overlayTree([view]), bytes, files })),
  }
}

/** What `planArchive` wants, with the places instead of staged files: `path` is a name in the archive. */
type Parts = StagedArchive & { readonly part: (name: string) => ByteSource }

/** Uncompressed bytes as they are; others through a nameless file. */
async function plain(
  source: ByteSource,
  path: string | undefined,
  keep: (bytes: ByteStream) => Promise<ByteSource>,
): Promise<ByteSource> {
  if (sniff(source.readAt(0, 4)) === 'none') return source
  return keep(path === undefined ? chunksOf(source) : createReadStream(path))
}

async function archiveParts(archive: ByteSource): Promise<Parts> {
  const places = new Map<string, { readonly offset: number; readonly size: number }>()
  const links = new Map<string, string>()
  for (const { header, offset } of scanTar(archive)) {
    const name = memberName(header.name)
    if (header.kind === 'symlink')
      links.set(name, memberName(posix.join(posix.dirname(name), header.link ?? '')))
    if (header.kind === 'hardlink') links.set(name, memberName(header.link ?? ''))
    if (header.kind === 'file') places.set(name, { offset, size: header.size })
  }
  const settle = (name: string): string => {
    let at = memberName(name)
    for (let count = 0; count < 10 && !places.has(at); count += 1) at = links.get(at) ?? at
    return at
  }
  return parts((name) => {
    const place = places.get(settle(name))
    return place && section(archive, place.offset, place.size)
  })
}

function folderParts(dir: string, open: (path: string) => ByteSource): Parts {
  const staged = stageFolder(dir)
  return parts((name) => {
    const file = staged.find(name)
    return file && open(file.path)
  })
}

function parts(find: (name: string) => ByteSource | undefined): Parts {
  const digests = new Map<string, Digest>()
  const part = (name: string): ByteSource => {
    const found = find(name)
    if (!found) throw invalidArchive(`${name} is missing`)
    return found
  }
  return {
    part,
    find: (name) => {
      const source = find(name)
      return (
        source && {
          path: name,
          size: source.size,
          // Computed when somebody compares it: Docker's archives name layers without one.
          get digest() {
            const known = digests.get(name) ?? digestOf(source)
            digests.set(name, known)
            return known
          },
        }
      )
    },
    json: (name) => {
      const source = find(name)
      return parseStagedJson(source?.size, name, () =>
        Buffer.from(part(name).readAt(0, source?.size ?? 0)).toString('utf8'),
      )
    },
    discard: () => {},
  }
}

const chunk = 1 << 20

async function* chunksOf(source: ByteSource): ByteStream {
  for (let at = 0; at < source.size; at += chunk) yield source.readAt(at, chunk)
}

function digestOf(source: ByteSource): Digest {
  const hash = createHash('sha256')
  for (let at = 0; at < source.size; at += chunk) hash.update(source.readAt(at, chunk))
  return parseDigest(`sha256:${hash.digest('hex')}`)
}

function section(source: ByteSource, start: number, size: number): ByteSource {
  const { readInto } = source
  return {
    size,
    readAt: (offset, length) =>
      source.readAt(start + offset, Math.max(0, Math.min(length, size - offset))),
    ...(readInto
      ? { readInto: (target: Uint8Array, offset: number) => readInto(target, start + offset) }
      : {}),
  }
}
