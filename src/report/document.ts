import type { Category } from '../analysis/index.ts'
import type { Digest } from '../image/index.ts'
import type { Evidence, RungId, RungStatus, Verdict } from '../proof/index.ts'

export type ImageSummary = {
  readonly reference: string
  readonly id: Digest
  readonly digest: Digest | null
  /** Uncompressed sum of the layers, bytes. */
  readonly size: number
  /** Compressed bytes as a registry would hold them; null when nothing has compressed them yet. */
  readonly compressedSize: number | null
  readonly layers: readonly {
    readonly createdBy: string
    readonly size: number
    readonly diffId: Digest
  }[]
}

/** One acceptance criterion or policy result. */
export type AcceptanceItem = {
  readonly id: string
  readonly title: string
  readonly pass: boolean
  readonly found: string
  readonly allowed: string
}

/** Why `slim` did not convert: a machine-readable code and the numbers. */
export type Refusal = {
  readonly code: string
  readonly message: string
  readonly details: readonly string[]
}

/** Seconds for pushing and pulling: estimated, with the assumptions, and measured where a registry was named. */
export type TransferEstimate = {
  readonly assumptions: {
    readonly megabitsPerSecond: number
    readonly compressionRatio: number
    readonly transfersPerRun: number
  }
  readonly fatSeconds: number
  readonly leanSeconds: number
  /** The same against a registry that was named: what was really sent and fetched; null when none was. */
  readonly measured: MeasuredTransfer | null
}

/** One push into a registry and one pull out of it into an empty store, seconds. */
export type MeasuredTransfer = {
  /** The repository, without a tag. */
  readonly repository: string
  readonly fat: { readonly pushSeconds: number; readonly pullSeconds: number }
  readonly lean: { readonly pushSeconds: number; readonly pullSeconds: number }
}

/** What one step of a build took. */
export type StepTime = {
  readonly side: 'before' | 'after'
  readonly title: string
  readonly outcome: 'done' | 'cached' | 'failed' | 'canceled'
  /** Seconds since the build of that side began. */
  readonly start: number
  readonly seconds: number
  /** 1-based first line of its instruction; null for FROM. */
  readonly line: number | null
  /** Of the layer that it made or found, in a build stage as well; null when there is none. */
  readonly bytes: number | null
}

/** The one versioned document that `slim` ends with; every renderer and `--json` read this and nothing else. */
export type Report = {
  readonly version: 1
  readonly standInBases: boolean
  /** What kind of project it is to `slim`: `python`, `node`, `go`; `stages` when only its last stage was tidied. */
  readonly ecosystem: string | null
  readonly fat: ImageSummary | null
  readonly lean: ImageSummary | null
  /** `path` is where it was written, null when it was not; `diff` is a unified diff from `before` to `text`. */
  readonly dockerfile: {
    readonly path: string | null
    readonly text: string
    readonly before: string
    readonly diff: string
  } | null
  /** Generated, or the project's own with a line for version control; null when nothing is to be written. */
  readonly dockerignore: { readonly path: string | null; readonly text: string } | null
  /** What the repair loop added after a proof that failed, one line a step. */
  readonly repairs: readonly string[]
  readonly verdict: Verdict | null
  readonly proof: readonly {
    readonly rung: RungId
    readonly title: string
    readonly status: RungStatus
    readonly summary: string
    readonly evidence: readonly Evidence[]
  }[]
  readonly notExercised: readonly string[]
  readonly wouldProve: readonly string[]
  readonly ballast: readonly Category[]
  readonly acceptance: readonly AcceptanceItem[]
  readonly transfer: TransferEstimate | null
  readonly refusal: Refusal | null
  /** Both builds, step by step, in the order in which the steps ended; cached ones take next to nothing. */
  readonly steps: readonly StepTime[]
}
