import type { Descriptor, Digest } from '../image/index.ts'

/** Media types and file names of an OCI image layout (image-layout.md) and of Docker's archive. */
export const mediaTypes = {
  index: 'application/vnd.oci.image.index.v1+json',
  manifest: 'application/vnd.oci.image.manifest.v1+json',
  config: 'application/vnd.oci.image.config.v1+json',
  layer: 'application/vnd.oci.image.layer.v1.tar',
  layerGzip: 'application/vnd.oci.image.layer.v1.tar+gzip',
  dockerIndex: 'application/vnd.docker.distribution.manifest.list.v2+json',
  dockerManifest: 'application/vnd.docker.distribution.manifest.v2+json',
} as const

export const layoutFile: string = '{"imageLayoutVersion":"1.0.0"}'

/** `index.json`, or an image index among the blobs. */
export type Index = {
  readonly schemaVersion: 2
  readonly mediaType?: string
  readonly manifests: readonly Descriptor[]
}

/** `manifest.json` of `docker save`: paths are names of members of the archive. */
export type DockerManifest = readonly {
  readonly Config: string
  readonly RepoTags: readonly string[] | null
  readonly Layers: readonly string[]
}[]

/** Annotations by which tools find a name: the tag alone (OCI) and the complete name (containerd, Docker). */
export const nameAnnotations = {
  tag: 'org.opencontainers.image.ref.name',
  full: 'io.containerd.image.name',
} as const

export function blobName(digest: Digest): string {
  return `blobs/${digest.replace(':', '/')}`
}
