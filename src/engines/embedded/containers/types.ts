import type { LayerId, User } from '../../../build/index.ts'
import type { Digest } from '../../../image/index.ts'
import type { PortMapping } from '../netns/index.ts'

/** What a container is: written once, when it is created. */
export type ContainerSpec = {
  /** 64 hex digits. */
  readonly id: string
  readonly name: string
  readonly image: { readonly id: Digest; readonly reference: string }
  readonly layers: readonly LayerId[]
  readonly argv: readonly string[]
  readonly env: readonly string[]
  readonly cwd: string
  readonly user: User
  readonly hostname: string
  readonly network: 'own' | 'host' | 'none'
  readonly publish: readonly PortMapping[]
  readonly addHosts: readonly string[]
  readonly stopSignal: string
  readonly removeOnExit: boolean
  readonly terminal: boolean
  /** RFC 3339. */
  readonly created: string
}

/** A process that cannot be confused with a later one of the same number. */
export type ProcessIdentity = {
  readonly pid: number
  /** Clock ticks since boot, field 22 of /proc/PID/stat. */
  readonly start: string
  readonly boot: string
}

/** How far a container has come; times are RFC 3339. */
export type ContainerState =
  | { readonly status: 'created'; readonly owner: ProcessIdentity }
  | {
      readonly status: 'running'
      /** PID 1 of the container, as the host numbers it. */
      readonly process: ProcessIdentity
      readonly owner: ProcessIdentity
      readonly started: string
      /** With the host ports that were really taken. */
      readonly ports: readonly PortMapping[]
      readonly launcher: string
      readonly seccomp: boolean
    }
  | {
      readonly status: 'exited'
      readonly exitCode: number
      readonly signal: string | null
      readonly started: string | null
      readonly finished: string
      /** Why it never ran, when it did not. */
      readonly error: { readonly code: string; readonly message: string } | null
    }

export type ContainerInfo = { readonly spec: ContainerSpec; readonly state: ContainerState }
