import type { BaseArchive } from '../bases/bases.ts'
import type { ImageState } from '../image/types.ts'

/** One build as every engine understands it. */
export type BuildAsk = {
  /** Directory of the build context. */
  readonly context: string
  /** Path of the Dockerfile. */
  readonly dockerfile: string
  readonly args?: Readonly<Record<string, string>>
  readonly labels?: Readonly<Record<string, string>>
  readonly target?: string
  /** Secret id to value. */
  readonly secrets?: Readonly<Record<string, string>>
  /** Address of a context that takes the place of the directory, with its own Dockerfile, of this name if any. */
  readonly remote?: { readonly url: string; readonly file?: string }
  /** `--build-context NAME=DIRECTORY`, or an address. */
  readonly contexts?: Readonly<Record<string, string>>
  readonly noCache?: boolean
  /** `--no-cache-filter`. */
  readonly noCacheFilter?: readonly string[]
  readonly network?: 'none'
  /** `--allow security.insecure` and the like. */
  readonly allow?: readonly string[]
}

export type Outcome =
  | { readonly kind: 'image'; readonly image: ImageState; readonly log: string }
  | { readonly kind: 'refused'; readonly log: string }

/** Something that builds Dockerfiles. */
export type Engine = {
  readonly name: string
  build(ask: BuildAsk): Promise<Outcome>
  close(): Promise<void>
}

export type StartEngine = (bases: readonly BaseArchive[]) => Promise<Engine>
