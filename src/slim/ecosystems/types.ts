import type { ChosenBase } from '../bases/index.ts'
import type { Leftover, PlanInput, Planned, ProjectInput, Refusal } from '../types.ts'

/**
 * How surely a project is of an ecosystem. The surest one plans it; among equals the first of the list. The others
 * that claim it have helped to build it (a Python app with a JavaScript build): their `helper` leftovers stay behind.
 */
export type Claim = {
  /**
   * 1: the app is started by the ecosystem's own runtime and its packages are installed by its own installer. 0.7: one
   * of the two. 0.3: its tool runs somewhere in the build, or its files are there. Anything between is for ties.
   */
  readonly confidence: number
  /** What says so, in a few words: `CMD runs node`, `line 7 runs cargo build`. */
  readonly because: string
}

/**
 * One way of splitting a build: a folder with one plain object, and a line in `ecosystems/index.ts`. Everything is pure:
 * the Dockerfile, the fat image's tree and package database in, a plan or a refusal out.
 */
export type Ecosystem = {
  /** In reports: `python`, `node`, `go`. */
  readonly name: string
  /** Null when nothing of the project is of this kind. */
  readonly claims: (project: ProjectInput) => Claim | null
  /** The base of the runtime stage, asked before its tree is read: `leanBaseTree` is absent then. */
  readonly base: (input: PlanInput) => ChosenBase | Refusal
  readonly plan: (input: PlanInput) => Planned
  readonly leftovers: readonly Leftover[]
  /** Asked only when those that claim the project refuse because of its form. */
  readonly fallback?: true
}
