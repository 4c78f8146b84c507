import {
  type Digest,
  familiarName,
  isDigest,
  parseReference,
  withDefaultTag,
} from '../image/index.ts'
import {
  blobName,
  type DockerManifest,
  type Index,
  mediaTypes,
  nameAnnotations,
} from './archive.ts'
import { invalidArchive, type StagedArchive, type StagedFile } from './load-archive.ts'

/** One image of an archive: files found and digests compared. */
export type PlannedImage = {
  readonly config: StagedFile
  readonly layers: readonly { readonly file: StagedFile; readonly mediaType: string }[]
  /** Null when the archive has Docker's list only. */
  readonly manifest: StagedFile | null
  readonly names: readonly string[]
}

/** An index may name an index; deeper ones are nobody's. */
const maxDepth = 3

/** The images of an archive: Docker's manifest.json when there is one, for it names the tags, else the OCI index. */
export function planArchive(
  archive: StagedArchive,
  platform: { readonly os: string; readonly architecture: string },
): readonly PlannedImage[] {
  if (archive.find('manifest.json')) return planDocker(archive)
  if (archive.find('index.json')) {
    const planned = planIndex(archive, archive.json('index.json') as Index, platform, maxDepth)
    return merge(planned)
  }
  throw invalidArchive('it has neither manifest.json nor index.json')
}

function planDocker(archive: StagedArchive): PlannedImage[] {
  const document = archive.json('manifest.json') as DockerManifest
  if (!Array.isArray(document)) throw invalidArchive('manifest.json is no list')
  return (document as DockerManifest).map(({ Config, RepoTags, Layers }) => {
    if (typeof Config !== 'string' || !Array.isArray(Layers))
      throw invalidArchive('manifest.json names no configuration or layers')
    return {
      config: need(archive, Config),
      layers: Layers.map((name: string) => ({
        file: need(archive, name),
        mediaType: 'application/vnd.docker.image.rootfs.diff.tar',
      })),
      manifest: null,
      names: (RepoTags ?? []).map(checkName),
    }
  })
}

function planIndex(
  archive: StagedArchive,
  index: Index,
  platform: { readonly os: string; readonly architecture: string },
  depth: number,
): PlannedImage[] {
  if (depth === 0) throw invalidArchive('indexes within indexes within indexes')
  if (!Array.isArray(index.manifests)) throw invalidArchive('an index without manifests')
  return index.manifests.flatMap((descriptor) => {
    const { mediaType, digest, annotations, platform: theirs } = descriptor
    if (theirs && (theirs.os !== platform.os || theirs.architecture !== platform.architecture))
      return []
    const names = nameOf(annotations)
    if (mediaType === mediaTypes.index || mediaType === mediaTypes.dockerIndex) {
      const inner = planIndex(archive, blobJson(archive, digest) as Index, platform, depth - 1)
      return inner.map((image) => ({ ...image, names: [...image.names, ...names] }))
    }
    if (mediaType !== mediaTypes.manifest && mediaType !== mediaTypes.dockerManifest) return []
    return [planManifest(archive, digest, names)]
  })
}

function planManifest(
  archive: StagedArchive,
  digest: Digest,
  names: readonly string[],
): PlannedImage {
  const manifest = blobJson(archive, digest) as Record<string, unknown>
  // One document that is both is a trap (CVE-2021-41190).
  if ('manifests' in manifest) throw invalidArchive(`${digest} is manifest and index at once`)
  const { config, layers } = manifest as {
    config?: { digest: Digest }
    layers?: readonly { digest: Digest; mediaType: string }[]
  }
  if (!config || !Array.isArray(layers)) throw invalidArchive(`${digest} is no image manifest`)
  return {
    config: needBlob(archive, config.digest),
    layers: (layers as readonly { digest: Digest; mediaType: string }[]).map((layer) => ({
      file: needBlob(archive, layer.digest),
      mediaType: layer.mediaType,
    })),
    manifest: needBlob(archive, digest),
    names,
  }
}

/** Entries for several tags of one image become one. */
function merge(planned: readonly PlannedImage[]): PlannedImage[] {
  const byConfig = new Map<Digest, PlannedImage>()
  for (const image of planned) {
    const { names } = byConfig.get(image.config.digest) ?? { names: [] }
    byConfig.set(image.config.digest, { ...image, names: [...names, ...image.names] })
  }
  return [...byConfig.values()]
}

/** A bare tag (`org.opencontainers.image.ref.name: 1.0`) names no repository and is not taken for one. */
function nameOf(annotations: Readonly<Record<string, string>> | undefined): readonly string[] {
  const full = annotations?.[nameAnnotations.full]
  const tag = annotations?.[nameAnnotations.tag]
  if (full !== undefined) return [checkName(full)]
  return tag !== undefined && /[:/]/.test(tag) ? [checkName(tag)] : []
}

function checkName(name: string): string {
  return familiarName(withDefaultTag(parseReference(String(name))))
}

function need(archive: StagedArchive, name: string): StagedFile {
  const file = archive.find(name)
  if (!file) throw invalidArchive(`${name} is missing`)
  return file
}

/** The file's name says its digest; what counts is the one computed. */
function needBlob(archive: StagedArchive, digest: string): StagedFile {
  if (!isDigest(digest)) throw invalidArchive(`${JSON.stringify(digest)} is no sha256 digest`)
  const file = need(archive, blobName(digest))
  if (file.digest !== digest) throw invalidArchive(`blob ${digest} has the content ${file.digest}`)
  return file
}

function blobJson(archive: StagedArchive, digest: string): unknown {
  needBlob(archive, digest)
  return archive.json(blobName(digest as Digest))
}
