import type { RungInput } from '../rung.ts'

/** Modules that one interpreter of an image is told to load, each in a process of its own. */
export type Sweep = {
  /** A path in both images. */
  readonly interpreter: string
  readonly modules: readonly string[]
  /**
   * The interpreter's arguments. What it runs prints `MARKER["module", null]` for one that loads and
   * `MARKER["module", "error"]` for one that does not, a line each.
   */
  readonly command: (modules: readonly string[]) => readonly string[]
  /** What a module that does not load is called in a message: `import x`. */
  readonly verb: string
}

/** One language: what there is to load. */
export type Sweeper = {
  readonly language: string
  readonly sweepsOf: (input: Pick<RungInput, 'fat' | 'lean'>) => readonly Sweep[]
}

/** Begins the lines that a sweep reports with; what a module prints by itself goes elsewhere. */
export const marker = 'jettison-sweep:'

/** Seconds for one module. */
export const moduleSeconds = 60

/** By code units, so that two runs ask in one order. */
export function sorted(names: Iterable<string>): readonly string[] {
  return [...names].sort((a, b) => (a < b ? -1 : a > b ? 1 : 0))
}
