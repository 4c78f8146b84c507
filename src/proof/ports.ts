import type { Digest, FileTree, ImageConfig } from '../image/index.ts'

/** One side of a proof: an image that can be read as a tree and started by its ID. */
export type Subject = {
  /** How the user named it, e.g. `devops-app:optimized`. */
  readonly name: string
  readonly id: Digest
  readonly config: ImageConfig
  readonly tree: FileTree
  /** Layers that belong to the base image: those below the first layer of the project itself. */
  readonly baseLayers: number
  /** Uncompressed bytes, the sum of the layers. */
  readonly size: number
}

export type ContainerOptions = {
  /** Replaces the image's Cmd. */
  readonly command?: readonly string[]
  /** Replaces the image's Entrypoint. */
  readonly entrypoint?: readonly string[]
  /** Added to the image's environment, `KEY=value`. */
  readonly env?: readonly string[]
  readonly user?: string
  /** Paths of the image that this container does not have. */
  readonly without?: readonly string[]
  /** Shares the network of this container, which the same runner started and which still runs. */
  readonly beside?: RunningContainer
  /** Names that lead to the container's own address. */
  readonly hosts?: readonly string[]
  /** Watches which files are opened; see `RunningContainer.opened`. */
  readonly trace?: boolean
}

/** Files of the image that a container opened, by path with links resolved; or why nobody could watch. */
export type OpenedFiles =
  | { readonly files: ReadonlyMap<string, 'opened' | 'executed'> }
  | { readonly reason: string }

export type HttpProbeRequest = {
  readonly port: number
  readonly method: string
  readonly path: string
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: string
  readonly timeoutMs: number
}

/** An answer, or the reason why there was none (`ECONNREFUSED`, `TIMEOUT`, …). */
export type HttpProbeAnswer =
  | {
      readonly kind: 'answer'
      readonly status: number
      readonly headers: Readonly<Record<string, string>>
      readonly body: Uint8Array
    }
  | { readonly kind: 'none'; readonly reason: string }

export type Ended = { readonly exitCode: number; readonly signal: string | null }
export type Executed = {
  readonly exitCode: number
  readonly stdout: string
  readonly stderr: string
  /** It did not end in time and was killed; `exitCode` says nothing then. */
  readonly timedOut?: boolean
}

/** A container in its own pid, mount, uts, ipc and network namespaces, over a throw-away upper directory. */
export interface RunningContainer {
  /** Sends one request from inside the container's network namespace, to the container's own address. */
  request(request: HttpProbeRequest, signal?: AbortSignal): Promise<HttpProbeAnswer>
  /** Runs a command beside the app, in the same namespaces, with the image's environment and user. */
  exec(
    argv: readonly string[],
    options?: { readonly timeoutMs?: number; readonly signal?: AbortSignal },
  ): Promise<Executed>
  /** TCP ports that listen on a non-loopback or any address inside the namespace, ascending. */
  listening(): Promise<readonly number[]>
  /** Everything written to stdout and stderr so far. */
  logs(): string
  /** Set once the app has ended. */
  ended(): Ended | undefined
  /** What the app and the commands beside it opened so far; ends the watching. Set when `trace` was asked for. */
  readonly opened?: () => Promise<OpenedFiles>
  /** Sends the signal, waits, then kills. @returns how the app ended and how long it took */
  stop(options: {
    readonly signal: string
    readonly graceMs: number
  }): Promise<Ended & { readonly ms: number; readonly killed: boolean }>
}

/** Starts containers for the proof. What it starts is gone when `stop` returns or the signal fires. */
export interface ContainerRunner {
  start(
    subject: Subject,
    options: ContainerOptions,
    signal?: AbortSignal,
  ): Promise<RunningContainer>
  /** Runs to the end. */
  run(
    subject: Subject,
    options: ContainerOptions & { readonly timeoutMs: number },
    signal?: AbortSignal,
  ): Promise<Executed>
}

/** Time as the proof needs it; pure folders have no clock of their own. */
export interface Clock {
  now(): number
  sleep(ms: number, signal?: AbortSignal): Promise<void>
}
