import type {
  BuildTool,
  Category,
  CategoryId,
  Confidence,
  LayerAccount,
  PackageDatabase,
} from '../analysis/index.ts'
import type { Source } from '../base/index.ts'
import type { Dockerfile } from '../dockerfile/index.ts'
import type { ContainerConfig, FileTree, ImageConfig } from '../image/index.ts'

/** `warn` is told and never fails the gate. */
export type Level = 'error' | 'warn'

/** A file of the image, with what it is for. */
export type WeighedFile = {
  readonly path: string
  readonly bytes: number
  readonly category: CategoryId
  /** 0 = lowest. */
  readonly layer: number
  /** What a person calls its origin: `gcc-12 (dpkg)`, `/root/.cache/pip`. */
  readonly what: string
  /** How sure its category is. */
  readonly confidence: Confidence
  /** Package that stays and that lists it, of what only compiling reads: `numpy 1.26.4`. It goes with its package only. */
  readonly keptBy?: string
}

export type WeighedLayer = LayerAccount & {
  readonly bytes: number
  readonly createdBy: string
  /** 1-based first line of the instruction that made it; null when unknown. */
  readonly line: number | null
}

/** Where the bytes of an image are; costs about a second for a large one. */
export type Weight = {
  /** Bytes of the merged tree. */
  readonly visible: number
  readonly files: readonly WeighedFile[]
  readonly layers: readonly WeighedLayer[]
  readonly categories: readonly Category[]
}

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
  readonly tree: FileTree
  /** One layer by itself, with what later ones hide. 0 = lowest. */
  readonly layer: (index: number) => FileTree
  /** What its layers have or would have in a registry; computed when first asked for. */
  readonly compressed: () => { readonly bytes: number; readonly measured: boolean }
  /** `YYYY-MM-DD` on which the base was made; null when it does not say. */
  readonly baseDate: string | null
  /** Computed when first asked for. */
  readonly weight: () => Weight
}

/** What the app answered to the request of an `http-probe`; `kind: none` carries the reason. */
export type GateAnswer =
  | { readonly kind: 'answer'; readonly status: number; readonly body: string }
  | { readonly kind: 'none'; readonly reason: string }

/** How an app that was left alone for a while is: still there, ended, or never started. */
export type GateBoot =
  | { readonly kind: 'runs' }
  | { readonly kind: 'ended'; readonly exitCode: number; readonly log: string }
  | { readonly kind: 'none'; readonly reason: string }

/** What the image's HEALTHCHECK said of the started app. */
export type GateHealth =
  | { readonly kind: 'healthy' }
  | { readonly kind: 'unhealthy'; readonly reason: string }

/** An earlier image, read itself or from what `jettison check --update-baseline` kept of it. */
export type Baseline = {
  readonly version: 1
  readonly reference: string
  readonly size: number
  readonly layers: number
  /** Null when nobody weighed it. */
  readonly ballast: number | null
  /** `YYYY-MM-DD` on which it was taken or made; older files do not say. */
  readonly date?: string
  /** What callers depend on; older files do not say. */
  readonly configuration?: ContainerConfig
}

/** A finding that is not counted: which one, and why. */
export type Ignore = {
  /** Id of the policy; null for all. */
  readonly policy: string | null
  /** A system or language package, as its name. */
  readonly package: string | null
  /** A glob over absolute paths. */
  readonly path: string | null
  readonly category: string | null
  readonly reason: string
  /** `YYYY-MM-DD`, the last day on which it holds; null for ever. */
  readonly until: string | null
  /** The lines of a Dockerfile's instruction whose layer it is about, first and last; null for all. */
  readonly lines: readonly [number, number] | null
  /** What a person calls it: `jettison.yaml, ignore of binutils`. */
  readonly where: string
}

/** What an ignore can be about. */
export type Subject = {
  readonly package?: string | undefined
  readonly path?: string | undefined
  readonly category?: string | undefined
  /** 1-based line of the Dockerfile. */
  readonly line?: number | undefined
}

export type GateInput = {
  readonly dockerfile: { readonly source: Source; readonly value: Dockerfile } | null
  /** Reference of the last stage's base, variables expanded, stages followed to an image; null without a Dockerfile. */
  readonly runtimeBase: string | null
  readonly image: GateImage | null
  /** By `url` of the policy. */
  readonly answers: ReadonlyMap<string, GateAnswer>
  /** What became of the started image after the seconds of the policy; null when it was not started. */
  readonly boot: GateBoot | null
  /** Null when it was not asked for. */
  readonly health: GateHealth | null
  /** Why nothing was started although a policy asks for it; null when nothing kept us. */
  readonly notStarted: string | null
  readonly baseline: Baseline | null
  readonly ignore: readonly Ignore[]
  /** `YYYY-MM-DD`: what is past its `until` is found again. */
  readonly today: string
}

/** What a policy judges: the input, and which of its findings are not to be counted. */
export type Examined = GateInput & {
  readonly ignoredBy: (policy: string, subject: Subject) => Ignore | null
}

/** One thing that a policy found. */
export type Item = {
  /** As a person reads it: `g++-12 12.2.0-14 is installed`, `/root/.cache/pip`. */
  readonly what: string
  readonly bytes?: number
  readonly package?: string
  readonly path?: string
  readonly category?: CategoryId
  /** 0 = lowest. */
  readonly layer?: number
  /** 1-based line of the Dockerfile. */
  readonly line?: number | undefined
}

/** What a policy says before its level, its ignores and its id are put to it. */
export type Finding = {
  readonly title: string
  /** `skip` = the policy had nothing to examine, which fails the gate as undecided. */
  readonly status: 'pass' | 'fail' | 'skip'
  readonly found: string
  readonly allowed: string
  /** Largest first. */
  readonly items: readonly Item[]
  /** What was seen and deliberately not counted, one line each: the base's own, what a kept package ships. */
  readonly notCounted?: readonly string[]
  /** How this very finding is mended, when that can be said better than for the policy as a whole. */
  readonly fix?: string
}

export type PolicyResult = {
  readonly id: string
  readonly title: string
  readonly level: Level
  readonly status: 'pass' | 'fail' | 'skip'
  readonly found: string
  readonly allowed: string
  /** The items as text, largest first. */
  readonly evidence: readonly string[]
  readonly items: readonly Item[]
  readonly notCounted: readonly string[]
  readonly why: string
  readonly fix: string
  /** 1-based line of the Dockerfile that the finding is about; null when there is none. */
  readonly line: number | null
  /** The last line of the instruction that `line` is in. */
  readonly endLine: number | null
}

export type GateResult = {
  readonly results: readonly PolicyResult[]
  /** About the gate itself: an ignore that expired or met nothing, a baseline that is missing. */
  readonly warnings: readonly string[]
  readonly pass: boolean
  readonly undecided: boolean
}
