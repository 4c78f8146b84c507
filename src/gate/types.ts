import type { BuildTool, PackageDatabase } from '../analysis/index.ts'
import type { Source } from '../base/index.ts'
import type { Dockerfile } from '../dockerfile/index.ts'
import type { ImageConfig } from '../image/index.ts'

export type PolicyId =
  | 'min-stages'
  | 'image-size'
  | 'http-probe'
  | 'forbidden-packages'
  | 'runtime-base'

/** One policy of `jettison.yaml` with its options, already checked. */
export type Policy =
  | { readonly id: 'min-stages'; readonly min: number }
  | { readonly id: 'image-size'; readonly max: number }
  | {
      readonly id: 'http-probe'
      readonly url: string
      readonly port: number
      readonly path: string
      readonly status: number
      readonly body: string | null
    }
  | { readonly id: 'forbidden-packages'; readonly packages: readonly string[] }
  | { readonly id: 'runtime-base'; readonly image: string }

export type GateImage = {
  readonly reference: string
  /** Uncompressed sum of the layers, bytes. */
  readonly size: number
  readonly config: ImageConfig
  /** Layers of the runtime base; what they bring is not counted against the image. */
  readonly baseLayers: number
  readonly tools: readonly BuildTool[]
  readonly packages: PackageDatabase | undefined
  readonly basePackages: PackageDatabase | undefined
}

/** What the app answered to the request of an `http-probe`; `kind: none` carries the reason. */
export type GateAnswer =
  | { readonly kind: 'answer'; readonly status: number; readonly body: string }
  | { readonly kind: 'none'; readonly reason: string }

export type GateInput = {
  readonly dockerfile: { readonly source: Source; readonly value: Dockerfile } | null
  /** Reference of the last stage's base, variables expanded, stages followed to an image; null without a Dockerfile. */
  readonly runtimeBase: string | null
  readonly image: GateImage | null
  readonly answers: ReadonlyMap<Policy, GateAnswer>
}

/** `skip` = the policy had nothing to examine, which fails the gate as undecided. */
export type PolicyResult = {
  readonly id: PolicyId
  readonly title: string
  readonly status: 'pass' | 'fail' | 'skip'
  readonly found: string
  readonly allowed: string
  /** Largest first. */
  readonly evidence: readonly string[]
  readonly why: string
  readonly fix: string
}

export type GateResult = {
  readonly results: readonly PolicyResult[]
  readonly pass: boolean
  readonly undecided: boolean
}
