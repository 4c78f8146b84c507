import type { TreeEntry } from '../../image/index.ts'
import type { Side } from '../side.ts'

/** True for what the project itself made or brought: not the base's, not a package's, not a device. */
export function isAppEntry(entry: TreeEntry, side: Side): boolean {
  if (!['file', 'dir', 'symlink'].includes(entry.kind) || entry.path === '/') return false
  if (side.distributionOf(entry.path)) return false
  const owned = side.packages()?.ownerOf(entry.path) !== undefined
  return !owned || (entry.kind === 'file' && isCopy(side.createdBy(entry.layer)))
}

/** Layers of COPY and ADD hold what the project itself brought, whoever else owns the path. */
export function isCopy(createdBy: string): boolean {
  return /^(?:\/bin\/sh -c #\(nop\)\s+)?(?:COPY|ADD)\b/.test(createdBy)
}
