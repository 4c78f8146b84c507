import type { FileTree, PatternSet, PatternState, TreeEntry } from '../image/index.ts'

/** Which paths below a source a COPY takes: `--parents` patterns let in, `--exclude` patterns keep out. */
export type CopyFilter = {
  readonly include: PatternSet | null
  readonly exclude: PatternSet | null
}

export const everything: CopyFilter = { include: null, exclude: null }

/** One path that a COPY takes. */
export type Visited = {
  readonly entry: TreeEntry
  /** Relative to the source, empty for the source itself. */
  readonly rel: string
  /** A directory that no pattern names, there only because something below it is taken. */
  readonly onTheWay: boolean
}

type States = { readonly include?: PatternState; readonly exclude?: PatternState }

/**
 * Walks what lies at and below a source, parents first, siblings sorted, nothing followed. A directory that is not
 * matched itself appears when the first thing in it is (fsutil's copier: `a`, any name, `c` makes no `a/b` without a `c` in it).
 */
export function* visitSource(
  tree: FileTree,
  root: TreeEntry,
  filter: CopyFilter,
): Generator<Visited> {
  yield { entry: root, rel: '', onTheWay: false }
  if (root.kind === 'dir') yield* visitBelow({ tree, filter, pending: [] }, root.path, '', {})
}

type Walk = {
  readonly tree: FileTree
  readonly filter: CopyFilter
  /** Directories entered but not yet taken. */
  readonly pending: Visited[]
}

function* visitBelow(walk: Walk, path: string, rel: string, above: States): Generator<Visited> {
  const folder = path === '/' ? '' : path
  const unfiltered = !walk.filter.include && !walk.filter.exclude
  for (const name of walk.tree.readdir(path)) {
    const entry = walk.tree.lookup(`${folder}/${name}`)
    if (!entry) continue
    const below = rel === '' ? name : `${rel}/${name}`
    // The usual case, tens of thousands of times.
    if (unfiltered && entry.kind !== 'dir') yield { entry, rel: below, onTheWay: false }
    else yield* visit(walk, entry, below, above)
  }
}

function* visit(walk: Walk, entry: TreeEntry, rel: string, above: States): Generator<Visited> {
  const { include, exclude } = walk.filter
  const states: States = {
    ...(include ? { include: include.match(rel, above.include) } : {}),
    ...(exclude ? { exclude: exclude.match(rel, above.exclude) } : {}),
  }
  const excluded = states.exclude?.excluded === true
  const taken = !excluded && (states.include?.excluded ?? true)
  if (taken) yield* walk.pending.splice(0)
  if (entry.kind !== 'dir') {
    if (taken) yield { entry, rel, onTheWay: false }
    return
  }
  if (taken) yield { entry, rel, onTheWay: false }
  // Nothing below an excluded directory comes back without a negated pattern.
  if (excluded && !exclude?.patterns.some((pattern) => pattern.negated)) return
  const waiting: Visited = { entry, rel, onTheWay: true }
  if (!taken) walk.pending.push(waiting)
  yield* visitBelow(walk, entry.path, rel, states)
  const at = walk.pending.indexOf(waiting)
  if (at >= 0) walk.pending.splice(at)
}
