import type { ContainerConfig } from '../../../src/image/index.ts'

/** A path of a build context: text of a file, or anything else a file system can hold. */
export type Item =
  | string
  | {
      readonly text?: string
      readonly mode?: number
      readonly uid?: number
      readonly gid?: number
      /** Seconds since the epoch. */
      readonly mtime?: number
      readonly xattrs?: Readonly<Record<string, string>>
      /** A symlink to this text. */
      readonly link?: string
      /** Another name of this path of the context. */
      readonly hardlink?: string
      readonly kind?: 'dir' | 'fifo' | 'socket'
      /** An archive of these members. */
      readonly tar?: {
        readonly members: Readonly<Record<string, Item>>
        readonly compress?: 'gzip' | 'bzip2' | 'xz' | 'zstd'
        /** Members by name, without their parents. */
        readonly only?: readonly string[]
      }
    }

/** What has to be at a path: text of a file, null for nothing, or the fields that are named. */
export type Wanted =
  | string
  | null
  | {
      readonly type?: 'file' | 'dir' | 'symlink' | 'fifo' | 'char' | 'block'
      readonly text?: string
      /** All twelve bits, octal. */
      readonly mode?: string
      readonly uid?: number
      readonly gid?: number
      readonly mtime?: number
      readonly link?: string
      /** The path shares its bytes with this one, which comes first. */
      readonly group?: string
      /** null for one that must not be there. */
      readonly xattrs?: Readonly<Record<string, string | null>>
    }

export type Step = {
  /** The base of the last stage, where the Dockerfile does not show it. */
  readonly base?: string
  /** Text of the Dockerfile; the context's own when absent. */
  readonly dockerfile?: string
  /** Name of the Dockerfile in the context. */
  readonly file?: string
  /** Changes to the context before this step; null removes. */
  readonly change?: Readonly<Record<string, Item | null>>
  readonly args?: Readonly<Record<string, string>>
  readonly labels?: Readonly<Record<string, string>>
  readonly target?: string
  readonly secrets?: Readonly<Record<string, string>>
  /** Address of a context that takes the place of the folder; it holds its own Dockerfile. */
  readonly remote?: string
  /** Names of folders of `Case.folders`, or addresses. */
  readonly contexts?: Readonly<Record<string, string>>
  readonly noCache?: boolean
  readonly noCacheFilter?: readonly string[]
  readonly network?: 'none'
  readonly allow?: readonly string[]
  /** The build is refused and says this. */
  readonly refused?: RegExp
  /** Paths above the base; others than these and their parents must not be there, unless `more`. */
  readonly files?: Readonly<Record<string, Wanted>>
  /** Files that RUN leaves and that do not matter here may be there as well. */
  readonly more?: boolean
  /** Fields of the configuration, exactly. */
  readonly config?: Partial<ContainerConfig>
  /** Texts of the whole history above the base; those of metadata begin with `-`. */
  readonly history?: readonly string[]
  /** What the output says. */
  readonly says?: RegExp
  /** Each path has the same content as after the step of this index. */
  readonly same?: { readonly step: number; readonly path: string }
  /** The content of the path differs from that after the step of this index. */
  readonly differs?: { readonly step: number; readonly path: string }
}

/** A Git repository: commits one after another, a branch or tag named by each. */
export type Repository = readonly {
  readonly files: Readonly<Record<string, Item>>
  readonly tag?: string
}[]

/** One behaviour of BuildKit, as input and outcome. */
export type Case = {
  readonly name: string
  /** Upstream tests that show it and numbers of conformance.md §10, e.g. `testCopySymlinks`, `gotcha 45`. */
  readonly refs: readonly string[]
  readonly context?: Readonly<Record<string, Item>>
  /** More folders, for `--build-context`. */
  readonly folders?: Readonly<Record<string, Readonly<Record<string, Item>>>>
  /** What a web server on the loopback has; `{server}` in a Dockerfile is its address. */
  readonly served?: Readonly<Record<string, Item | { readonly repository: Repository }>>
  readonly steps: readonly Step[]
  /** Why Docker 20.10's BuildKit cannot be asked, or differs where a current BuildKit is right. */
  readonly older?: string
  /** Why a current BuildKit differs from what the case says, or cannot be asked by this harness. */
  readonly current?: string
  /** Why our image differs from that of a current BuildKit in what the case does not say. */
  readonly ours?: string
}
