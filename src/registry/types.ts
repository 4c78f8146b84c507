import type { ByteStream } from '../base/index.ts'
import type { LayerId, LayerInfo, StoredImage } from '../build/index.ts'
import type { HttpSettings } from '../http/index.ts'
import type { Descriptor, Digest } from '../image/index.ts'

/** What a registry or its token server is shown. */
export type Credentials =
  | { readonly kind: 'password'; readonly username: string; readonly password: string }
  /** An OAuth2 refresh token, Docker's `identitytoken`. */
  | { readonly kind: 'identity-token'; readonly token: string }

/** Asked only when a registry demands credentials. `host` as in a reference (`docker.io`, `localhost:5000`). */
export type CredentialSource = (
  host: string,
  signal?: AbortSignal,
) => Promise<Credentials | undefined>

export type RegistrySettings = HttpSettings & {
  readonly credentials?: CredentialSource | undefined
  /**
   * Hosts that may be spoken to without a known certificate and over plain HTTP, besides this machine itself: `host`,
   * `host:port`, `*.domain`, or an address block.
   */
  readonly insecure?: readonly string[] | undefined
  /** Addresses asked before Docker Hub, as in Docker's `registry-mirrors`. */
  readonly mirrors?: readonly string[] | undefined
  /** How long one request is made again and again while the server is busy or broken, in milliseconds: 120,000. */
  readonly retryMs?: number | undefined
  /** Bytes of the largest blob that is fetched by one request and not by several at a time: 32 MiB. */
  readonly rangesAbove?: number | undefined
  /** What `registries.conf` says; the longest prefix that fits a name decides. */
  readonly rules?: readonly RegistryRule[] | undefined
}

/** One `[[registry]]` of containers-registries.conf(5), version 2. */
export type RegistryRule = {
  /** `host[:port][/path]`, or `*.domain`. */
  readonly prefix: string
  /** What the prefix is replaced by. */
  readonly location: string
  readonly blocked: boolean
  readonly mirrors: readonly {
    readonly location: string
    readonly pull: 'all' | 'digest-only' | 'tag-only'
  }[]
}

/** How the layers of a push are compressed; null leaves it to us: as they came, else gzip. */
export type Compression = {
  readonly algorithm: 'gzip' | 'zstd' | null
  readonly level: number | null
}

/** The part of the store that a pull writes to. */
export interface PullStore {
  layerByDiffId(diffId: Digest): LayerInfo | undefined
  unpackLayer(
    archive: ByteStream,
    options: {
      readonly mediaType: string
      readonly diffId?: Digest
      readonly blob?: Digest
      readonly signal?: AbortSignal | undefined
    },
  ): Promise<LayerInfo>
  putBlob(
    bytes: ByteStream | Uint8Array,
    options: { readonly digest?: Digest; readonly signal?: AbortSignal | undefined },
  ): Promise<{ readonly digest: Digest; readonly size: number }>
  adoptImage(config: Uint8Array, layers: readonly LayerId[]): Digest
  setManifest(image: Digest, manifest: Digest): void
  tag(reference: string, id: Digest): void
  findImage(nameOrId: string): StoredImage | undefined
  /** Remembers that `HOST/REPOSITORY` has this archive of the layer. */
  noteLayerPlace(id: LayerId, digest: Digest, place: string): void
}

/** The part of the store that a push reads from, and in which it keeps compressed layers. */
export interface PushStore extends Pick<PullStore, 'putBlob' | 'setManifest' | 'noteLayerPlace'> {
  /** The archive that will be sent, when that is known; its bytes need not be there. */
  knownPacked(id: LayerId, wish: Compression): Promise<Descriptor | undefined>
  makePacked(
    id: LayerId,
    wish: Compression,
    options: {
      readonly signal?: AbortSignal | undefined
      readonly onBytes?: ((count: number) => void) | undefined
    },
  ): Promise<Descriptor>
  /** The same, its bytes to be read as far as they are there. */
  startPacking(
    id: LayerId,
    wish: Compression,
    options: {
      readonly signal?: AbortSignal | undefined
      readonly onBytes?: ((count: number) => void) | undefined
    },
  ): Promise<{
    /** What it is, once all bytes are there to be read. Fails as the making of it does. */
    readonly written: Promise<Descriptor>
    /** The finished archive, safe in the store by then. Fails as the making of it does. */
    readonly made: Promise<Descriptor>
    /** Waits until there are `least` bytes, or all that there will be. */
    grown(least: number): Promise<{ readonly size: number; readonly whole: boolean }>
    read(start: number): ByteStream
    close(): void
  }>
  layerPlaces(id: LayerId, digest: Digest): readonly string[]
  readBlob(digest: Digest, start?: number): ByteStream
}
