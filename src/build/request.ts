import type { EventSink, Source } from '../base/index.ts'
import type { AbsentLayer, CopySource, MadeStep, StepIo, StoredImage, Ulimit } from './ports.ts'

/** The build context of one build. */
export interface BuildContext extends CopySource {
  /** What the user named it, for messages. */
  readonly name: string
}

/** What a name of `--build-context` stands for: files, or an image under another name. */
export type NamedContext =
  | { readonly kind: 'files'; readonly source: CopySource }
  | { readonly kind: 'image'; readonly reference: string }
  /** Fetched when something first needs it: a repository, an address, an OCI layout. Opened at most once. */
  | { readonly kind: 'remote'; readonly open: (io: StepIo) => Promise<OpenedContext> }

export type OpenedContext =
  | { readonly kind: 'files'; readonly source: CopySource }
  | { readonly kind: 'stored'; readonly image: StoredImage }

/** Keys that `--mount=type=ssh` may use: an agent's socket on the host, or private keys (PEM or OpenSSH, no passphrase). */
export type SshKeys =
  | { readonly kind: 'agent'; readonly socket: string }
  | { readonly kind: 'keys'; readonly keys: readonly Uint8Array[] }

/** Everything a build needs to know; the same for every engine. */
export type BuildRequest = {
  readonly dockerfile: Source
  readonly context: BuildContext
  /** `--build-context NAME=...`, names in lower case: they take the place of stages and images of that name. */
  readonly namedContexts: ReadonlyMap<string, NamedContext>
  readonly target: string | null
  readonly args: Readonly<Record<string, string>>
  readonly labels: Readonly<Record<string, string>>
  readonly tags: readonly string[]
  readonly platform: {
    readonly os: string
    readonly architecture: string
    readonly variant?: string
  }
  readonly secrets: ReadonlyMap<string, Uint8Array>
  /** `--ssh ID=…`. */
  readonly ssh?: ReadonlyMap<string, SshKeys>
  /** What `SOURCE_DATE_EPOCH=context` means, seconds; null when the context does not say. */
  readonly contextEpoch?: number | null
  /**
   * False when nobody reads the result here: its layers that a registry has are not fetched for it, and the store keeps
   * the image only if none is absent.
   */
  readonly keep?: boolean
  readonly noCache: boolean
  /** `--cache-to type=inline`: the image's configuration names the steps that made its layers. */
  readonly inlineCache?: boolean
  /** Says for every step that runs which field of its key changed. */
  readonly why: boolean
  /** `--no-cache-filter`: stages that are built again. */
  readonly noCacheStages: readonly string[]
  /** `--allow`: what a RUN may ask for beyond the sandbox. */
  readonly entitlements: readonly string[]
  readonly network: 'host' | 'none'
  readonly addHosts: readonly string[]
  /** `--shm-size` in bytes, and `--ulimit`. */
  readonly shmSize?: number
  readonly ulimits?: readonly Ulimit[]
  /** Creation time written to configuration and history, RFC 3339, and the same in seconds since the epoch. */
  readonly now: string
  readonly epoch: number
}

export type BuildResult = {
  readonly image: StoredImage
  /** Layers of the image and of the steps that are not in the store. The image is neither, when one of them is its. */
  readonly absent: readonly AbsentLayer[]
  /** How many of the image's layers came with the base image that its last stage comes from, by other stages too. */
  readonly baseLayers: number
  /** Steps of the reachable stages: how many ran, how many came from the cache. */
  readonly ran: number
  readonly cached: number
  /** The steps that made a layer, in the order in which they ended. */
  readonly steps: readonly MadeStep[]
  /** IDs of the cache mounts that its RUNs have, whether they ran or not. */
  readonly cacheMounts: readonly string[]
}

/** A whole build: the port that every engine (embedded, Docker, BuildKit) implements. */
export interface ImageBuilder {
  build(
    request: BuildRequest,
    io: { readonly emit: EventSink; readonly signal?: AbortSignal | undefined },
  ): Promise<BuildResult>
}
