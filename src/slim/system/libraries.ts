import { linkClosure, type PackageDatabase } from '../../analysis/index.ts'
import type { FileTree } from '../../image/index.ts'
import type { LeanBase } from './lean-base.ts'

/** A library that the kept files need and that the lean base does not have. */
export type LibraryNeed = {
  readonly soname: string
  /** Real path in the fat image. */
  readonly path: string
  /** The system package that owns it, null when the project built it itself. */
  readonly package: string | null
  /** Files that name it, sorted; kept files first, then other libraries. */
  readonly neededBy: readonly string[]
  /** True when a kept file names it, false when only another library does. */
  readonly direct: boolean
}

/**
 * The libraries that `DT_NEEDED` of the kept files leads to in the fat image and that the lean base lacks
 * (slimming §3.13). What the fat image itself does not find is not reported: it was missing before.
 * @param roots absolute paths of the kept ELF files
 * @param host the interpreter that loads them, see `linkClosure`
 */
export function libraryNeeds({
  tree,
  db,
  lean,
  roots,
  env,
  host,
}: {
  readonly tree: FileTree
  readonly db: PackageDatabase
  readonly lean: LeanBase
  readonly roots: readonly string[]
  readonly env: readonly string[]
  readonly host: string | undefined
}): readonly LibraryNeed[] {
  const kept = new Set(roots)
  const closure = linkClosure(tree, roots, { env, ...(host === undefined ? {} : { host }) })
  const needs = new Map<string, { soname: string; path: string; from: Set<string> }>()
  for (const { from, needed, found } of closure.links) {
    if (found === undefined || kept.has(found) || lean.has(found)) continue
    const need = needs.get(found) ?? { soname: needed, path: found, from: new Set() }
    need.from.add(from)
    needs.set(found, need)
  }
  return [...needs.values()]
    .map(({ soname, path, from }) => ({
      soname,
      path,
      package: db.ownerOf(path)?.name ?? null,
      neededBy: [...from].sort(
        (a, b) => Number(kept.has(b)) - Number(kept.has(a)) || (a < b ? -1 : a > b ? 1 : 0),
      ),
      direct: [...from].some((path) => kept.has(path)),
    }))
    .sort((a, b) => (a.path < b.path ? -1 : 1))
}
