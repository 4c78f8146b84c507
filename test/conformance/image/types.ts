import type { ContainerConfig, HistoryEntry } from '../../../src/image/index.ts'

/** One path of an image's root file system with everything a layer archive says about it. */
export type FileState = {
  readonly type: 'file' | 'dir' | 'symlink' | 'char' | 'block' | 'fifo'
  /** Octal text of all twelve bits, e.g. `4755`. */
  readonly mode: string
  readonly uid: number
  readonly gid: number
  readonly mtime: number
  readonly size: number
  /** SHA-256 of a regular file. */
  readonly digest?: string
  /** Content of a regular file that is small and UTF-8. */
  readonly text?: string
  readonly link?: string
  readonly device?: string
  /** Name to base64. */
  readonly xattrs?: Readonly<Record<string, string>>
  /** First path, in order of bytes, of the hard-link group that the path belongs to. */
  readonly group?: string
}

/** An image as any engine's archive describes it: the merged root and the configuration. */
export type ImageState = {
  readonly files: Readonly<Record<string, FileState>>
  readonly architecture: string
  readonly os: string
  readonly author?: string
  readonly created?: string
  readonly config: ContainerConfig
  readonly history: readonly HistoryEntry[]
  /** Paths of each layer's members, lowest first. */
  readonly layers: readonly (readonly string[])[]
}
