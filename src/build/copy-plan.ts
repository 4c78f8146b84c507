import { posix } from 'node:path'
import { Fault } from '../base/index.ts'
import { type FileTree, resolvePath } from '../image/index.ts'
import { type Selected, subtree } from './copy-select.ts'
import { applyMode, type ModeChange } from './mode.ts'
import type { CopyEntry } from './ports.ts'

export type CopyPlanOptions = {
  readonly source: FileTree
  readonly selected: readonly Selected[]
  /** Tree of the layers below. */
  readonly below: FileTree
  /** Absolute; a trailing slash means "into this directory". */
  readonly destination: string
  readonly owner: { readonly uid: number; readonly gid: number } | null
  readonly mode: ModeChange | null
}

/**
 * The entries that a COPY writes, parents before children. Destination symlinks are followed inside the root; missing
 * parents are made 0755; a directory that is there already keeps its metadata when it is the destination itself and
 * takes the source's when it is merged into below that (fsutil's copy).
 * @throws Fault COPY_CONFLICT when a directory would replace a file or the reverse
 */
export function planCopy(options: CopyPlanOptions): CopyEntry[] {
  const plan = new Plan(options)
  const asDirectory = /(^|\/)\.?$/.test(options.destination)
  if (asDirectory) plan.makeDirectory(options.destination)
  for (const item of options.selected) {
    const target = resolvePath(options.below, options.destination).path
    const existing = plan.kindAt(target)
    if (item.entry.kind === 'dir') {
      plan.makeDirectory(target)
      for (const entry of subtree(options.source, item.path)) {
        if (entry.path === item.path) continue
        const rel = entry.path.slice(item.path === '/' ? 1 : item.path.length + 1)
        plan.add(entry.path, posix.join(target, rel))
      }
    } else if (existing === 'dir' || asDirectory) {
      plan.add(item.path, posix.join(target, item.name))
    } else {
      plan.makeDirectory(posix.dirname(target))
      plan.add(item.path, target)
    }
  }
  return plan.entries()
}

class Plan {
  readonly #options: CopyPlanOptions
  readonly #made = new Map<string, CopyEntry>()
  readonly #newest: number

  constructor(options: CopyPlanOptions) {
    this.#options = options
    // Directories made on the way get a time that depends on the inputs only, so that equal inputs give equal layers.
    this.#newest = Math.max(0, ...options.selected.map((item) => item.entry.mtime))
  }

  entries(): CopyEntry[] {
    return [...this.#made.values()]
  }

  kindAt(path: string): CopyEntry['kind'] | 'socket' | undefined {
    return this.#made.get(path)?.kind ?? this.#options.below.lookup(path)?.kind
  }

  /** The directory and its missing parents; existing ones are listed with their own metadata. */
  makeDirectory(path: string): void {
    const resolved = resolvePath(this.#options.below, path).path
    const parts = resolved.split('/').filter(Boolean)
    for (let depth = 1; depth <= parts.length; depth++)
      this.#directory(`/${parts.slice(0, depth).join('/')}`)
  }

  #directory(path: string): void {
    const made = this.#made.get(path)
    if (made?.kind === 'dir') return
    const below = this.#options.below.lookup(path)
    if (made || (below && below.kind !== 'dir'))
      throw new Fault('COPY_CONFLICT', `cannot make directory ${path}: a file is in its place`)
    const owner = this.#options.owner
    this.#made.set(path, {
      from: null,
      to: path,
      kind: 'dir',
      mode: below?.mode ?? applyMode(0o755, this.#options.mode, true),
      uid: below?.uid ?? owner?.uid ?? 0,
      gid: below?.gid ?? owner?.gid ?? 0,
      mtime: below?.mtime ?? this.#newest,
    })
  }

  add(from: string, to: string): void {
    const entry = this.#options.source.lookup(from)
    // A socket has no content to copy; BuildKit leaves an empty file, which nobody can use either.
    if (!entry || entry.kind === 'socket') return
    this.makeDirectory(posix.dirname(to))
    const below = this.#options.below.lookup(to)
    if (below && (entry.kind === 'dir') !== (below.kind === 'dir'))
      throw new Fault(
        'COPY_CONFLICT',
        `cannot copy ${from} over ${to}: one is a directory, the other is not`,
      )
    const { owner, mode } = this.#options
    this.#made.set(to, {
      from,
      to,
      kind: entry.kind,
      mode:
        entry.kind === 'symlink' ? entry.mode : applyMode(entry.mode, mode, entry.kind === 'dir'),
      uid: owner?.uid ?? entry.uid,
      gid: owner?.gid ?? entry.gid,
      mtime: entry.mtime,
      ...(entry.link === undefined ? {} : { link: entry.link }),
    })
  }
}
