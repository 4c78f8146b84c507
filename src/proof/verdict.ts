export type Verdict = 'EQUIVALENT' | 'DIFFERENT' | 'UNPROVEN'

export type RungId = 'P0' | 'P1' | 'P2' | 'P3' | 'P4' | 'P5' | 'P6' | 'P7' | 'P8' | 'P9' | 'P10'

/** `pass` and `fail` were examined; `skip` does not apply or is not built yet; `unproven` could not be decided. */
export type RungStatus = 'pass' | 'fail' | 'skip' | 'unproven'

/** A thing that the lean image lacks and the fat one has, as the repair loop needs it. */
export type Missing =
  /** A shared library the loader, or a dlopen, does not find. `package` is its owner in the fat image. */
  | {
      readonly kind: 'library'
      readonly soname: string
      readonly neededBy: string
      readonly package?: string
    }
  /** A library is there and too old: it does not define these symbol versions. */
  | {
      readonly kind: 'symbol-versions'
      readonly library: string
      readonly versions: readonly string[]
      readonly neededBy: string
    }
  /** The program that an ELF file or a script names as its interpreter. */
  | { readonly kind: 'interpreter'; readonly path: string; readonly neededBy: string }
  | { readonly kind: 'module'; readonly name: string; readonly error: string }
  | { readonly kind: 'program'; readonly name: string; readonly package?: string }
  | { readonly kind: 'file'; readonly path: string; readonly package?: string }
  | { readonly kind: 'user'; readonly name: string }
  /** A system package that fat's Dockerfile installs by name. */
  | { readonly kind: 'package'; readonly name: string }
  | { readonly kind: 'distribution'; readonly name: string; readonly version: string }

/** One thing a rung saw: what, where, and (for a failure) what it means. Names files, packages and lines. */
export type Evidence = {
  readonly message: string
  readonly path?: string
  readonly package?: string
  /** e.g. `libpq.so.5`, `P7 GET /health` */
  readonly subject?: string
  readonly fat?: string
  readonly lean?: string
  /** What to add to the lean image so that this goes away; set on failures only. */
  readonly missing?: Missing
}

export type RungResult = {
  readonly rung: RungId
  readonly title: string
  readonly status: RungStatus
  /** One line for people. */
  readonly summary: string
  readonly evidence: readonly Evidence[]
  /** What this rung examined, so that a rung that examined nothing cannot pass. */
  readonly examined: number
  readonly ms?: number
}

export type Proof = {
  readonly verdict: Verdict
  readonly standInBases: boolean
  readonly rungs: readonly RungResult[]
  /** What was not exercised and why, one sentence each. */
  readonly notExercised: readonly string[]
  /** For UNPROVEN: what would make it provable. */
  readonly wouldProve: readonly string[]
  /** What fat's run opened. */
  readonly trace: Trace
}

/** Files of the fat image that its app and the probes' commands opened and executed, sorted; or why nobody saw them. */
export type Trace =
  | { readonly opened: readonly string[]; readonly executed: readonly string[] }
  | { readonly reason: string }
