import type { Digest } from './digest.ts'

/** Docker's HEALTHCHECK in the image configuration; durations in nanoseconds. */
export type Healthcheck = {
  readonly Test?: readonly string[]
  readonly Interval?: number
  readonly Timeout?: number
  readonly StartPeriod?: number
  readonly StartInterval?: number
  readonly Retries?: number
}

/** `config` of an OCI image configuration, with Docker's extensions. Absent means unset. */
export type ContainerConfig = {
  readonly User?: string
  readonly ExposedPorts?: Readonly<Record<string, Readonly<Record<string, never>>>>
  readonly Env?: readonly string[]
  readonly Entrypoint?: readonly string[]
  readonly Cmd?: readonly string[]
  readonly Volumes?: Readonly<Record<string, Readonly<Record<string, never>>>>
  readonly WorkingDir?: string
  readonly Labels?: Readonly<Record<string, string>>
  readonly StopSignal?: string
  readonly Healthcheck?: Healthcheck
  readonly Shell?: readonly string[]
  readonly OnBuild?: readonly string[]
  readonly ArgsEscaped?: boolean
}

export type HistoryEntry = {
  readonly created?: string
  readonly created_by?: string
  readonly author?: string
  readonly comment?: string
  readonly empty_layer?: boolean
}

/** OCI image configuration (image-spec config.md). */
export type ImageConfig = {
  readonly created?: string
  readonly author?: string
  readonly architecture: string
  readonly os: string
  readonly variant?: string
  readonly config: ContainerConfig
  readonly rootfs: { readonly type: 'layers'; readonly diff_ids: readonly Digest[] }
  readonly history: readonly HistoryEntry[]
}

/** What a manifest says besides, for whoever reads registries (image-spec annotations.md). */
export type Annotations = Readonly<Record<string, string>>

/** OCI content descriptor; `size` in bytes. */
export type Descriptor = {
  readonly mediaType: string
  readonly digest: Digest
  readonly size: number
  readonly annotations?: Readonly<Record<string, string>>
  readonly platform?: Platform
}

export type Platform = {
  readonly os: string
  readonly architecture: string
  readonly variant?: string
}

/** OCI image manifest or Docker schema 2 manifest; the two differ in media types only. */
export type Manifest = {
  readonly schemaVersion: 2
  readonly mediaType?: string
  readonly config: Descriptor
  readonly layers: readonly Descriptor[]
  readonly annotations?: Readonly<Record<string, string>>
}
