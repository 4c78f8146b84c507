import type { LayerId, Ulimit, User } from '../../../build/index.ts'
import type { Digest, Healthcheck } from '../../../image/index.ts'
import type { PortMapping } from '../netns/index.ts'
import type { Limits } from './limits.ts'

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
  readonly volumes: readonly VolumeMount[]
  /** Docker's HEALTHCHECK as it applies, null without one. */
  readonly healthcheck: Healthcheck | null
  /** For the shell form of the check. */
  readonly shell: readonly string[] | null
  /** `CAP_…` names. */
  readonly capabilities: readonly string[]
  readonly init: boolean
  readonly readOnly: boolean
  readonly limits: Limits
  /** Those of the image and those that it was given. */
  readonly labels: Readonly<Record<string, string>>
  /** `80/tcp`: of the image and given. */
  readonly exposed: readonly string[]
  /** Bytes of /dev/shm, null for the usual 64 MiB. */
  readonly shmSize: number | null
  readonly ulimits: readonly Ulimit[]
  /** Instead of the name servers it would have, null for those. */
  readonly dns: Dns | null
  /** Seconds from the stop signal to SIGKILL, null for Docker's ten. */
  readonly stopTimeoutS: number | null
  /** RFC 3339. */
  readonly created: string
}

/** Lines of /etc/resolv.conf; an empty list leaves what would be there. */
export type Dns = {
  readonly servers: readonly string[]
  readonly search: readonly string[]
  readonly options: readonly string[]
}

/** What is mounted in a container besides its image. Targets are absolute, as the user wrote them. */
export type VolumeMount =
  | {
      readonly type: 'bind'
      /** Absolute path on the host. */
      readonly source: string
      readonly target: string
      readonly readOnly: boolean
      /** Makes a missing source, a directory. */
      readonly create: boolean
    }
  | {
      readonly type: 'volume'
      readonly name: string
      /** Belongs to this container alone. */
      readonly anonymous: boolean
      readonly target: string
      readonly readOnly: boolean
      /** Fills an empty volume with what the image has there. */
      readonly seed: boolean
    }
  | {
      readonly type: 'tmpfs'
      readonly target: string
      /** Bytes. */
      readonly size: number | null
      readonly mode: number
      readonly noExec: boolean
    }

/** One run of a container's check. */
export type HealthProbe = {
  /** RFC 3339. */
  readonly start: string
  readonly end: string
  /** -1 when the check did not end by itself. */
  readonly exitCode: number
  readonly output: string
}

export type Health = {
  readonly status: 'starting' | 'healthy' | 'unhealthy'
  readonly failingStreak: number
  /** The last five. */
  readonly log: readonly HealthProbe[]
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
      /** Who said so, and removes it if that was asked for; absent when it was found out later. */
      readonly owner?: ProcessIdentity
    }

export type ContainerInfo = {
  readonly spec: ContainerSpec
  readonly state: ContainerState
  /** What the check said last, null without one or before the first start. */
  readonly health: Health | null
}
