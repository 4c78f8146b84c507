import type { ByteStream, EventSink } from '../base/index.ts'
import type { BuildStore, LayerId, LayerInfo, StoredImage } from '../build/index.ts'
import type { Annotations, Digest, ImageConfig } from '../image/index.ts'
import type { BuildAccount } from './builds.ts'
import type { CopiedFiles } from './copied.ts'
import type { GrowingArchive, PackedLayer, PackingWish, PackOptions } from './packed-layers.ts'

export type { BuildAccount, GrowingArchive, PackedLayer, PackingWish }

/** A layer that is being written: an overlay upper and work directory on the store's file system. */
export type LayerDraft = {
  /** Becomes the layer: write here, or mount it as overlay upperdir. */
  readonly upper: string
  readonly work: string
  /**
   * Measures the draft and renames it into place; immutable from then on. Unmount it first. Two paths of one inode are
   * a hard link of the layer, unless `links` lists the groups that are: others were linked only to save a copy.
   * `attributes: 'none'` vouches that nothing has extended attributes, and saves asking every file.
   */
  publish(options?: {
    readonly links?: 'keep' | readonly (readonly string[])[]
    readonly attributes?: 'read' | 'none'
  }): LayerInfo
  /** Removes the draft; safe to call twice and after `publish`. */
  discard(): void
}

export type ImageListing = StoredImage & {
  /** Every tag, familiar form (`devops-app:bloated`). */
  readonly tags: readonly string[]
  /** Uncompressed sum of the layers, bytes. */
  readonly size: number
  readonly created: string | null
}

export type SaveOptions = {
  readonly signal?: AbortSignal | undefined
  readonly emit: EventSink
  /** How layers are compressed; absent: as they came, else not at all. */
  readonly compression?: 'none' | PackingWish | undefined
  /** `oci` leaves out Docker's manifest.json, `docker` all that is of the OCI layout. */
  readonly form?: 'both' | 'oci' | 'docker' | undefined
  /** Names given to every image besides those it was asked for by. */
  readonly names?: readonly string[] | undefined
  /** Of the manifest of each image. */
  readonly annotations?: Annotations | undefined
  /** diffIDs of layers that the reader has: they are named, and their bytes left out. */
  readonly omit?: ReadonlySet<Digest> | undefined
}

export type LoadOptions = {
  readonly signal?: AbortSignal | undefined
  readonly emit: EventSink
  /** `drop` gives no names, whatever the archive says. */
  readonly names?: 'keep' | 'drop' | undefined
}

/** One directory that holds blobs, unpacked layers, step records and tags. Several processes may share it. */
export interface Store extends BuildStore {
  readonly root: string
  /** Absolute directory of a published layer, to be used as a lowerdir only. */
  layerPath(id: LayerId): string
  draftLayer(): LayerDraft
  layerByDiffId(diffId: Digest): LayerInfo | undefined
  /** Reads a layer tar (plain, gzip or zstd), verifies its diffID when given, unpacks it with whiteouts converted. */
  unpackLayer(
    archive: ByteStream,
    options: {
      readonly mediaType: string
      readonly diffId?: Digest
      readonly blob?: Digest
      readonly signal?: AbortSignal | undefined
    },
  ): Promise<LayerInfo>
  /** The layer as the tar whose digest is its diffID. */
  packLayer(id: LayerId, options: { readonly signal?: AbortSignal | undefined }): ByteStream
  putBlob(
    bytes: ByteStream | Uint8Array,
    options: {
      readonly digest?: Digest
      readonly size?: number
      readonly signal?: AbortSignal | undefined
    },
  ): Promise<{ readonly digest: Digest; readonly size: number }>
  /** From byte `start` (0) on. @throws Fault BLOB_MISSING */
  readBlob(digest: Digest, start?: number): ByteStream
  /** The layer's archive when it is known which one it will be; its bytes need not be in the store. */
  knownPacked(id: LayerId, wish: PackingWish): Promise<PackedLayer | undefined>
  /** Bytes of the layer's archive in a registry, as far as anything here knows them. */
  packedSize(id: LayerId): number | undefined
  /** The layer compressed, on all cores, its archive in the store. @throws Fault ZSTD_WRITE_UNSUPPORTED */
  makePacked(id: LayerId, wish: PackingWish, options: PackOptions): Promise<PackedLayer>
  /** The same, the archive to be read while it is made. */
  startPacking(id: LayerId, wish: PackingWish, options: PackOptions): Promise<GrowingArchive>
  /** `HOST/REPOSITORY` of registries that are known to have an archive of the layer. */
  layerPlaces(id: LayerId, digest: Digest): readonly string[]
  noteLayerPlace(id: LayerId, digest: Digest, place: string): void
  hasBlob(digest: Digest): boolean
  /** Records an image by the exact bytes of its configuration, as a pull and a load must (its ID is their digest). @returns the image ID @throws Fault IMAGE_INVALID when the layers are not those it names */
  adoptImage(config: Uint8Array, layers: readonly LayerId[]): Digest
  /** Remembers the manifest under which an image was pulled or saved. */
  setManifest(image: Digest, manifest: Digest): void
  images(): readonly ImageListing[]
  untag(reference: string): boolean
  /** Removes tag or image; layers that nothing names any more go to the trash. */
  removeImage(
    nameOrId: string,
    options: { readonly force: boolean },
  ): { readonly untagged: readonly string[]; readonly deleted: readonly Digest[] }
  /** A cache mount's directory, made when missing; `id` is hashed and never a path. */
  cacheMount(id: string): string
  /** Where the files are that a COPY wrote the last time, undefined when nobody knows or they are gone. */
  findCopied(name: string): CopiedFiles | undefined
  putCopied(name: string, copied: CopiedFiles): void
  /** Remembers what a build decided; only the last few are kept. */
  putBuild(account: BuildAccount): void
  /** The last builds, newest first, those that failed too. */
  builds(): Iterable<BuildAccount>
  /** A private directory for one run or container, on the store's file system; removed by the returned function. */
  workspace(prefix: string): { readonly dir: string; remove(): void }
  /** `docker save`: an archive with OCI layout and Docker manifest.json both, unless asked otherwise. */
  save(references: readonly string[], options: SaveOptions): ByteStream
  /** `docker load`: OCI and Docker archives, or a folder with their files. @returns loaded references or image IDs */
  load(
    archive: ByteStream | { readonly dir: string },
    options: LoadOptions,
  ): Promise<readonly string[]>
  /** Creates an image from layers that are published already, computing their diffIDs. */
  commitImage(
    config: Omit<ImageConfig, 'rootfs'>,
    layers: readonly LayerId[],
    options: { readonly signal?: AbortSignal | undefined },
  ): Promise<StoredImage>
  /** Says to other processes that this one is going to write here. @throws Fault STORE_READ_ONLY */
  hold(): void
  /** From now on this process uses only what tags and containers name, so that `prune` need not wait for its end. */
  settle(): void
  /** Unlinks what waits in the trash and what dead processes left; to be called when nobody waits for anything any more. */
  emptyTrash(): { readonly bytes: number }
  /** Deletes what waits in the trash and what nothing reaches (drafts of dead processes, unused layers and steps). */
  prune(options: {
    readonly steps: boolean /** Images that stay although they have no name. */
    readonly keep?: readonly Digest[]
  }): { readonly bytes: number }
  /** Lists every fault: missing or corrupt blobs, layers, records. Empty when clean. */
  fsck(options: { readonly signal?: AbortSignal | undefined }): Promise<readonly string[]>
}
