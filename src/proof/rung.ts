import type { ContainerConfig } from '../image/index.ts'
import type { SecondaryEntrypoint } from './entrypoints/index.ts'
import type { Clock, ContainerRunner } from './ports.ts'
import type { Probe } from './probes/index.ts'
import type { AbsentService } from './services/index.ts'
import type { Observation } from './session/index.ts'
import type { Side } from './side.ts'
import type { Evidence, RungId, RungResult } from './verdict.ts'

/** What a rung found, without its name. */
export type Finding = Pick<RungResult, 'status' | 'summary' | 'evidence' | 'examined'> & {
  /** What it could not look at and why, one sentence each. */
  readonly notExercised?: readonly string[]
  /** What would make it provable. */
  readonly wouldProve?: readonly string[]
}

/** How a container differs from lean: paths that it lacks, another configuration. */
export type LeanChange = {
  readonly without?: readonly string[]
  readonly config?: ContainerConfig
}

/** What a rung may look at. `observe` runs both images, once for all rungs that ask. */
export type RungInput = {
  readonly fat: Side
  readonly lean: Side
  readonly baseConfigs: { readonly fat?: ContainerConfig; readonly lean?: ContainerConfig }
  readonly maxSize: number | undefined
  readonly probes: readonly Probe[]
  readonly entrypoints: readonly SecondaryEntrypoint[]
  readonly absentServices: readonly AbsentService[]
  /** How many mutants P9 makes. */
  readonly mutations: number | 'all'
  /** Starts an image alone. */
  readonly runner: ContainerRunner
  /** Starts the app with the services and settings that the proof was given. */
  readonly appRunner: ContainerRunner
  readonly clock: Clock
  readonly observe: () => Promise<Observation>
  /** Runs fat beside a changed lean; absent where nothing can be started. */
  readonly observeMutant?: (change: LeanChange) => Promise<Observation>
  readonly signal: AbortSignal | undefined
}

/** One step of the ladder; a plain object in the list of `rungs/index.ts`. */
export type Rung = {
  readonly id: RungId
  readonly title: string
  /** Static rungs read the trees; running ones start containers, and come after all static ones. */
  readonly runs: boolean
  readonly examine: (input: RungInput) => Finding | Promise<Finding>
  /** A second look, when both images have run: the finding with what only running shows. */
  readonly afterRun?: (finding: Finding, input: RungInput, seen: Observation) => Finding
}

/** More evidence than this is counted and not listed. */
const mostEvidence = 60

/**
 * The finding of a rung that compares: it fails on any failure, and passes only when it examined something. What it
 * merely noted comes after the failures.
 */
export function verdictOf(parts: {
  readonly examined: number
  readonly failures: readonly Evidence[]
  readonly notes: readonly Evidence[]
  /** e.g. `412 files equal` */
  readonly passed: string
  /** e.g. `3 files missing or different` */
  readonly failed: string
  readonly nothing: string
  readonly notExercised?: readonly string[]
}): Finding {
  const { examined, failures, notes } = parts
  const evidence = [...capped(failures), ...capped(notes)]
  const rest = parts.notExercised ? { notExercised: parts.notExercised } : {}
  if (failures.length > 0)
    return { status: 'fail', summary: parts.failed, evidence, examined, ...rest }
  if (examined === 0)
    return { status: 'unproven', summary: parts.nothing, evidence, examined, ...rest }
  return { status: 'pass', summary: parts.passed, evidence, examined, ...rest }
}

/** `1 probe`, `3 probes`. */
export function count(n: number, noun: string): string {
  return `${n} ${noun}${n === 1 ? '' : 's'}`
}

function capped(evidence: readonly Evidence[]): readonly Evidence[] {
  if (evidence.length <= mostEvidence) return evidence
  return [
    ...evidence.slice(0, mostEvidence),
    { message: `and ${evidence.length - mostEvidence} more` },
  ]
}
