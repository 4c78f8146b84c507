import type { ByteStream } from '../base/index.ts'
import type { LayerId, LayerInfo, StoredImage } from '../build/index.ts'
import type { HttpSettings } from '../http/index.ts'
import type { Digest } from '../image/index.ts'

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
  /** Hosts that may be spoken to over plain HTTP, besides this machine itself. */
  readonly insecure?: readonly string[] | undefined
  /** Addresses asked before Docker Hub, as in Docker's `registry-mirrors`. */
  readonly mirrors?: readonly string[] | undefined
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
}

/** The part of the store that a push reads from, and in which it keeps compressed layers. */
export interface PushStore extends Pick<PullStore, 'putBlob' | 'setManifest'> {
  packLayer(id: LayerId, options: { readonly signal?: AbortSignal | undefined }): ByteStream
  readBlob(digest: Digest): ByteStream
}
