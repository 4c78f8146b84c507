import type { Brand, ByteStream, EventSink, Json } from '../base/index.ts'
import type { Digest, FileTree, ImageConfig } from '../image/index.ts'
import type { GitReference } from './git-reference.ts'
import type { SshKeys } from './request.ts'

/** Names an unpacked layer of the store. A layer's diffID is an attribute of it and may not be known yet. */
export type LayerId = Brand<string, 'LayerId'>

export type LayerInfo = {
  readonly id: LayerId
  readonly diffId: Digest | null
  /** Bytes of the regular files, a hard-linked file counted once: what Docker calls the layer's size. */
  readonly size: number
}

/** An image whose layers are unpacked in the store, ready to be a base, a COPY source or a container. */
export type StoredImage = {
  /** Digest of the configuration: Docker's image ID. */
  readonly id: Digest
  readonly config: ImageConfig
  /** Lowest first; one for each diffID of the configuration. */
  readonly layers: readonly LayerId[]
  /** Manifest digest: known after a pull, a push or a save; null for a fresh build. */
  readonly manifest: Digest | null
}

/**
 * What a step left behind. A step is recorded under its definition key (which names the stage it copies from by that
 * stage's key) and under its content key (which names the copied bytes). `chain` is the key that the following step
 * builds on: the content key where there is one, so that a stage that ran again but made the same bytes does not
 * invalidate what comes after.
 */
export type StepRecord = {
  readonly layer: LayerId
  readonly chain: Digest
  /** When the step ran, RFC 3339: history keeps it, so an unchanged build gives an unchanged image. */
  readonly created: string
}

/** A layer that a registry has and the store does not have yet. It has no name there: `id` stands for it meanwhile. */
export type AbsentLayer = {
  readonly id: LayerId
  readonly diffId: Digest
  /** As the registry has it, under `HOST/REPOSITORY`. */
  readonly archive: {
    readonly mediaType: string
    readonly digest: Digest
    readonly size: number
  }
  readonly place: string
  /** Brings it into the store, once, whoever asks. @returns its name there */
  readonly fetch: (io: StepIo) => Promise<LayerId>
}

/** An image of which nothing but its configuration may be here: its layers are fetched when something reads them. */
export type BaseImage = StoredImage & {
  /** Those of `layers` that are not in the store. */
  readonly absent: readonly AbsentLayer[]
}

/** The store as the build sees it. */
export interface BuildStore {
  findStep(key: Digest): StepRecord | undefined
  /** `preimage` is the canonical JSON value whose digest is `key`, kept for `explain`. */
  putStep(key: Digest, record: StepRecord, preimage: Json): void
  /** The preimage of a step record, undefined when there is none. */
  preimage(key: Digest): Json | undefined
  /** Merged read view; lowest layer first. */
  tree(layers: readonly LayerId[]): FileTree
  layer(id: LayerId): LayerInfo
  /** SHA-256 of the layer's tar; computed once and remembered. */
  diffId(id: LayerId, options: { readonly signal?: AbortSignal | undefined }): Promise<Digest>
  /** Publishes the configuration and the record of its layers. @returns the image ID */
  putImage(image: { readonly config: ImageConfig; readonly layers: readonly LayerId[] }): Digest
  tag(reference: string, id: Digest): void
  findImage(nameOrId: string): StoredImage | undefined
}

/** A step of a build and every key it is found under, for whoever takes it elsewhere. */
export type MadeStep = StepRecord & { readonly keys: readonly Digest[] }

/** A step that was made elsewhere. With `absent` its layer is that one, and the step is made here when it cannot be had. */
export type FoundStep = StepRecord & { readonly absent?: AbsentLayer }

/** Steps that were made elsewhere: asked when the store does not know a step. */
export interface StepCache {
  /** @returns undefined when nobody has it */
  find(key: Digest, io: StepIo): Promise<FoundStep | undefined>
  /** Before a RUN uses a cache mount: gives it files when it has none and somebody left some. */
  fillMount?(id: string, io: StepIo): Promise<void>
}

/** Where FROM, `COPY --from=IMAGE` and `--mount=from=IMAGE` find images: the store, a registry, stand-ins. */
export interface BaseSource {
  /** @throws Fault BASE_NOT_FOUND when nobody has it */
  resolve(reference: string, io: StepIo): Promise<StoredImage>
  /** The same, its layers perhaps still where it comes from; `resolve` is asked where there is no such way. */
  find?(reference: string, io: StepIo): Promise<BaseImage>
}

/** Files that a COPY can read: the build context or a stage. */
export interface CopySource {
  readonly tree: FileTree
  /** The layers of the store that `tree` merges (`TreeEntry.layer` counts in them), so that files can be linked. */
  readonly layers?: readonly LayerId[]
  /** Digest of a regular file's content; cached by the stat index for a context. */
  contentDigest(path: string): Digest
  /** Why a path that the user sees is not in `tree`: the line of an ignore file, `.dockerignore:3 (*.log)`. */
  hiddenBy?(path: string): string | null
  /** Absolute host directory whose content equals `tree` under `path`, or null when no such directory exists
   * (some entries are ignored, or the tree is a stack of layers). */
  hostPath(path: string): string | null
}

/** One entry that a COPY or ADD writes. `from` is null for directories that are made on the way. */
export type CopyEntry = {
  readonly from: string | null
  /** Absolute path in the new layer, symlinked parents already resolved. */
  readonly to: string
  readonly kind: 'file' | 'dir' | 'symlink' | 'char' | 'block' | 'fifo'
  readonly mode: number
  readonly uid: number
  readonly gid: number
  readonly mtime: number
  readonly link?: string
  /** An earlier entry of the step, of which this one is to be another name: their bytes and metadata are one. */
  readonly hardlink?: string
}

export type CopyStep = {
  /** Written in order; a later part may merge into directories of an earlier one. */
  readonly parts: readonly { readonly source: CopySource; readonly entries: readonly CopyEntry[] }[]
  /** Layers below, lowest first. */
  readonly base: readonly LayerId[]
}

/** The files of a local archive. */
export type ArchiveFiles = CopySource & {
  /** Directories that no member names: other members lie below them. */
  readonly implied: ReadonlySet<string>
}

/** What ADD can read besides files: archives, addresses, repositories. */
export interface AddSource {
  /** The files of a local archive, or null when the file is none (decided by content, not by name). */
  archive(source: CopySource, path: string, io: StepIo): Promise<ArchiveFiles | null>
  /** Downloads to a file named as BuildKit names it, mode 0600, mtime Last-Modified. */
  url(
    url: string,
    options: { readonly checksum: Digest | null },
    io: StepIo,
  ): Promise<{ readonly source: CopySource; readonly path: string }>
  /** Checks out a repository: owner 0:0, no `.git` unless `keepGitDir`. */
  git(
    reference: GitReference,
    options: { readonly keepGitDir: boolean; readonly checksum: string | null },
    io: StepIo,
  ): Promise<CopySource>
}

export type BuildPorts = {
  readonly store: BuildStore
  readonly steps: StepRunner
  readonly bases: BaseSource
  readonly adds: AddSource
  readonly cache?: StepCache
  /** Hears of every step as soon as it is known whether the cache has it. */
  readonly note?: (account: StepAccount) => void
}

/** What a build decided about one step: enough to say later which field of its key made it miss the cache. */
export type StepAccount = {
  /** `[builder 2/5]`. */
  readonly label: string
  readonly title: string
  /** Name of the Dockerfile as the user gave it, or ONBUILD. */
  readonly file: string
  /** 1-based line on which the instruction begins. */
  readonly line: number
  readonly cached: boolean
  /** False when the cache was not to be asked: `--no-cache`, `--no-cache-filter`. */
  readonly reuse: boolean
  /** The content key: what `BuildStore.findStep` and `preimage` know it by once it is done. */
  readonly key: Digest
  /** What `key` is the digest of, of a step that was not in the cache. */
  readonly preimage: Json | null
  /** The last step of the same title before a step that was not in the cache; null when there was none. */
  readonly before: { readonly preimage: Json; readonly layer: LayerId | null } | null
}

export type User = {
  readonly uid: number
  readonly gid: number
  readonly groups: readonly number[]
}

export type StepMount =
  | {
      readonly type: 'bind'
      readonly target: string
      readonly from: BindSource
      readonly source: string
      readonly readWrite: boolean
    }
  | {
      readonly type: 'cache'
      readonly target: string
      readonly id: string
      readonly sharing: 'shared' | 'private' | 'locked'
      readonly seed?: { readonly from: BindSource; readonly source: string }
      readonly readOnly: boolean
      readonly mode: number
      readonly uid: number
      readonly gid: number
    }
  | { readonly type: 'tmpfs'; readonly target: string; readonly size: number | null }
  | {
      readonly type: 'secret'
      readonly target: string
      readonly bytes: Uint8Array
      readonly mode: number
      readonly uid: number
      readonly gid: number
    }
  | {
      /** A socket that speaks to an ssh agent which can list keys and sign, no more. */
      readonly type: 'ssh'
      readonly target: string
      readonly keys: SshKeys
      readonly mode: number
      readonly uid: number
      readonly gid: number
    }

/** A limit of setrlimit(2) by its lower-case name without `RLIMIT_`; -1 is none. */
export type Ulimit = { readonly name: string; readonly soft: number; readonly hard: number }

/** A device by its CDI name, `vendor.com/class=name`. */
export type StepDevice = {
  readonly name: string
  /** One that is not may be missing. */
  readonly required: boolean
  /** Whether who builds gave it; a device may also say of itself that everybody may have it. */
  readonly allowed: boolean
}

/** What a bind mount shows: a context (or any CopySource) or the layers of a stage or image. */
export type BindSource =
  | { readonly kind: 'copy-source'; readonly source: CopySource }
  | { readonly kind: 'layers'; readonly layers: readonly LayerId[] }

export type RunStep = {
  /** Layers below, lowest first; empty for scratch. */
  readonly base: readonly LayerId[]
  readonly argv: readonly string[]
  /** `KEY=value`, already complete (PATH included); secrets with `env=` are in it but never in a key. */
  readonly env: readonly string[]
  readonly cwd: string
  readonly user: User
  readonly mounts: readonly StepMount[]
  readonly network: 'host' | 'none'
  /** Every capability, no seccomp filter, nothing masked: `--security=insecure`. */
  readonly insecure?: boolean
  /** Name of the machine as it sees it; default: BuildKit's. */
  readonly hostname?: string
  /** Bytes of `/dev/shm`; default: Docker's 64 MiB. */
  readonly shmSize?: number
  readonly ulimits?: readonly Ulimit[]
  /** CDI devices that it is given. */
  readonly devices?: readonly StepDevice[]
  /** Extra `/etc/hosts` lines, `name:address`. */
  readonly addHosts: readonly string[]
  /** A file to feed to standard input, e.g. the body of a heredoc; null is /dev/null. */
  readonly stdin: Uint8Array | null
}

export type StepIo = {
  /** Name for events, e.g. `builder 3/5`. */
  readonly step: string
  readonly emit: EventSink
  readonly signal?: AbortSignal | undefined
}

export type RunOutcome = { readonly exitCode: number; readonly layer: LayerId | null }

/** Runs one step of a build. A failed or aborted step leaves nothing behind: no layer, mount or process. */
export interface StepRunner {
  /** Runs a command over a fresh overlay; exit code 0 publishes the upper directory as a layer. */
  run(step: RunStep, io: StepIo): Promise<RunOutcome>
  /** Writes the planned entries into a new layer. */
  copy(step: CopyStep, io: StepIo): Promise<LayerId>
}

/** A layer archive and its media type, for whoever unpacks or sends it. */
export type LayerArchive = { readonly mediaType: string; readonly bytes: ByteStream }
