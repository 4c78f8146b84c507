import type { PackageDatabase } from '../../analysis/index.ts'
import { formatSize } from '../../base/index.ts'
import type { FileTree, TreeEntry } from '../../image/index.ts'
import { bytesOf, dependenciesOf, entriesOf, type LeanBase } from '../system/index.ts'
import type { Estimate, Refusal } from '../types.ts'

/** Less than this share saved is not worth a second stage. */
const leastShare = 0.1

/**
 * Size of the lean image from the fat one's own files: the lean base, what is kept with the bytecode that pip makes of
 * it, and the packages with everything they bring along. @returns null when the lean base could not be read
 */
export function estimateOf({
  tree,
  db,
  lean,
  kept,
  packages,
}: {
  readonly tree: FileTree
  readonly db: PackageDatabase
  readonly lean: LeanBase
  readonly kept: readonly TreeEntry[]
  readonly packages: readonly string[]
}): Estimate | null {
  if (lean.bytes === null) return null
  const installed = new Set(packages.flatMap((name) => [name, ...dependenciesOf(db, name)]))
  let bytes = lean.bytes
  for (const entry of kept) bytes += entry.size
  bytes += bytecodeOf(tree, kept)
  for (const name of installed) {
    if (lean.hasPackage(name)) continue
    for (const path of db.packages.get(name)?.files ?? []) {
      const entry = tree.lookup(path)
      if (entry?.kind === 'file') bytes += entry.size
    }
  }
  return { fatBytes: bytesOf(tree), leanBytes: bytes }
}

/** Bytes of the bytecode of sources: of large packages a fifth of the image. */
function bytecodeOf(tree: FileTree, sources: readonly TreeEntry[]): number {
  const known = new Set(sources.flatMap(({ path }) => (path.endsWith('.py') ? [path] : [])))
  if (known.size === 0) return 0
  let bytes = 0
  for (const { path, kind, size } of entriesOf(tree)) {
    const cached = kind === 'file' ? /^(.*\/)__pycache__\/([^/.]+)\.[^/]+\.pyc$/.exec(path) : null
    if (cached && known.has(`${cached[1]}${cached[2]}.py`)) bytes += size
  }
  return bytes
}

/** Refuses when the estimate promises too little. */
export function refuseSmallGain(estimate: Estimate | null): Refusal | null {
  if (!estimate || estimate.fatBytes === 0) return null
  const saved = estimate.fatBytes - estimate.leanBytes
  if (saved >= estimate.fatBytes * leastShare) return null
  const percent = Math.round((saved / estimate.fatBytes) * 100)
  return {
    code: 'gain-too-small',
    message:
      saved > 0
        ? `a second stage would save ${percent} % of ${formatSize(estimate.fatBytes)}`
        : 'a second stage would save nothing',
    details: [
      `now ${formatSize(estimate.fatBytes)}, lean about ${formatSize(estimate.leanBytes)}`,
      `jettison converts from ${leastShare * 100} % on`,
    ],
  }
}
