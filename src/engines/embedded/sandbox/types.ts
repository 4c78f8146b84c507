import type { Ulimit, User } from '../../../build/index.ts'

/** A stack of directories, mounted as one by overlayfs. */
export type Overlay = {
  /** Absolute host directories, lowest first. */
  readonly lowers: readonly string[]
  /** null mounts it read-only. */
  readonly upper: { readonly upper: string; readonly work: string } | null
  /** Skips every sync of the upper directory: for uppers that are thrown away or synced when published. */
  readonly volatile: boolean
}

/** What is mounted inside the root, in order. `target` has its symlinks resolved as far as the root goes. */
export type SandboxMount =
  | {
      readonly type: 'bind'
      /** Absolute host path, or a path inside one of `Sandbox.views` (no component a symlink). */
      readonly source: string | { readonly view: number; readonly path: string }
      readonly target: string
      readonly kind: 'dir' | 'file'
      readonly readOnly: boolean
      /** Shows what is mounted below the source too. */
      readonly recursive?: boolean
    }
  | {
      readonly type: 'tmpfs'
      readonly target: string
      /** Bytes; null is the kernel's default, half of the memory. */
      readonly size: number | null
      /** Default 1777. */
      readonly mode?: number
      /** Refuses to run programs that lie there. */
      readonly noExec?: boolean
    }
  | {
      /** A file on a private tmpfs: its bytes never reach a disk. */
      readonly type: 'file'
      readonly target: string
      readonly bytes: Uint8Array
      readonly mode: number
      readonly uid: number
      readonly gid: number
      readonly readOnly: boolean
    }

export type SandboxNetwork =
  | { readonly kind: 'host' }
  | { readonly kind: 'none' }
  /** A namespace of its own: loopback, and `address` (IPv4) on it, so that `127.0.0.1` stays private to the app. */
  | { readonly kind: 'own'; readonly address: string }
  /** The network namespace of a running sandbox, by its PID 1 on the host, whose `address` it has. */
  | { readonly kind: 'join'; readonly pid: number; readonly address: string }

export type SandboxProcess = {
  readonly argv: readonly string[]
  readonly env: readonly string[]
  readonly cwd: string
  readonly user: User
  /** Has a pseudo-terminal of its own as stdin, stdout and stderr; all of its output is `stdout` then. */
  readonly terminal: boolean
  /** `CAP_…` names that a process of root has, and that bound the others. Default: Docker's. */
  readonly capabilities?: readonly string[]
  /** Limits of setrlimit(2). */
  readonly ulimits?: readonly Ulimit[]
  /** The command is not PID 1: a process above it reaps what is left behind and passes signals on. */
  readonly init?: boolean
}

/** Everything a launcher needs to start one command in its own world: plain data, the same for each of them. */
export type Sandbox = {
  /** Private directory of this run, laid out by `prepareWorkspace`. */
  readonly workspace: string
  readonly root: Overlay
  /** More overlays, mounted aside as sources of bind mounts. */
  readonly views: readonly Overlay[]
  readonly mounts: readonly SandboxMount[]
  readonly hostname: string
  readonly network: SandboxNetwork
  readonly process: SandboxProcess
  /** The root, not what is mounted on it, refuses to be written. */
  readonly readOnlyRoot?: boolean
  /** Bytes of `/dev/shm`; default 64 MiB. */
  readonly shmSize?: number
  /** No seccomp filter, nothing masked or read-only, more devices, and capabilities for every user. */
  readonly privileged?: boolean
  /** A FIFO on the host: PID 1 waits for a byte in it before it goes on. */
  readonly gate?: string
  /**
   * Two FIFOs on the host: PID 1 writes a byte into `ready` when its root is in place, and waits for one in `go` before
   * it becomes the command. The Perl launcher does, the others go on at once.
   */
  readonly atRoot?: { readonly ready: string; readonly go: string }
}

/** How PID 1 ended; `exitCode` is 128 + n after signal n. */
export type Exit = { readonly exitCode: number; readonly signal: string | null }
