import type { ContainerConfig, TreeEntry } from '../../image/index.ts'
import type { LeanChange } from '../rung.ts'
import { type Side, sideOf } from '../side.ts'
import type { RungId } from '../verdict.ts'
import { withoutPaths } from './trees.ts'

export type MutantKind =
  | 'library'
  | 'interpreter'
  | 'data'
  | 'file'
  | 'module'
  | 'user'
  | 'permission'
  | 'variable'
  | 'port'
  | 'setting'

/** A copy of lean that lacks one thing, as a view: nothing is written. */
export type Mutant = {
  readonly kind: MutantKind
  /** What is taken away, e.g. `libpq.so.5`. */
  readonly what: string
  /** What evidence may call it: the path, and other names of it. */
  readonly names: readonly string[]
  /** The rungs that can see it without running it, the likeliest first. */
  readonly rungs: readonly RungId[]
  readonly make: () => Side
  /** How a container of lean becomes this mutant; absent when it cannot be run. */
  readonly running?: LeanChange
}

/** Takes paths away. `names` of the mutant hold them. */
export function withoutFiles(
  lean: Side,
  paths: readonly string[],
  mutant: Omit<Mutant, 'make' | 'running'>,
): Mutant {
  return {
    ...mutant,
    running: { without: paths },
    make: () => {
      const side = sideOf({ ...lean.subject, tree: withoutPaths(lean.tree, paths) })
      const isLeft = ({ path }: TreeEntry): boolean =>
        !paths.some((gone) => path === gone || path.startsWith(`${gone}/`))
      const entries = once(() => lean.entries().filter(isLeft))
      const own = once(() => lean.ownEntries().filter(isLeft))
      // A walk of the tree for each mutant would take most of the time.
      return { ...derived(lean, side), entries, ownEntries: own }
    },
  }
}

/** Changes what lean is started with. */
export function withConfig(
  lean: Side,
  change: (config: ContainerConfig) => ContainerConfig,
  mutant: Omit<Mutant, 'make' | 'running' | 'rungs'>,
): Mutant {
  const config = change(lean.config)
  return {
    ...mutant,
    rungs: ['P1'],
    running: { config },
    make: () =>
      derived(lean, sideOf({ ...lean.subject, config: { ...lean.subject.config, config } })),
  }
}

function once<T>(compute: () => T): () => T {
  let kept: { readonly value: T } | undefined
  return () => {
    kept ??= { value: compute() }
    return kept.value
  }
}

/** Package databases and records are lean's own: a file that is taken away leaves its record. */
export function derived(lean: Side, mutant: Side): Side {
  const { packages, environments, distributionOf, nodeModules } = lean
  return { ...mutant, packages, environments, distributionOf, nodeModules }
}
