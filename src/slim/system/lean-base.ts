import { type PackageDatabase, systemPackages } from '../../analysis/index.ts'
import { type FileTree, resolvePath } from '../../image/index.ts'
import { entriesOf } from './entries.ts'
import { slimPackages } from './slim-list.ts'

/** What the lean base brings by itself. */
export type LeanBase = {
  /** True when a file that the fat image has at this path is there as well, by path or with its package. */
  has(path: string): boolean
  hasPackage(name: string): boolean
  /** Bytes of its regular files, null when the base could not be read. */
  readonly bytes: number | null
}

/**
 * Reads the lean base from its tree; without one, from the package list of the official slim images, taking what the
 * fat base has outside the package database (the interpreter in /usr/local) to be in both.
 */
export function leanBase({
  tree,
  fatTree,
  fatDb,
  baseLayers,
  reference,
}: {
  /** `scratch` has nothing. */
  readonly reference?: string
  readonly tree: FileTree | undefined
  readonly fatTree: FileTree
  readonly fatDb: PackageDatabase
  readonly baseLayers: number
}): LeanBase {
  if (reference === 'scratch') return { has: () => false, hasPackage: () => false, bytes: 0 }
  if (!tree) return assumed(fatTree, fatDb, baseLayers)
  const packages = systemPackages(tree)?.packages ?? new Map()
  return {
    has: (path) => {
      const kind = resolvePath(tree, path).entry?.kind
      return kind === 'file' || (kind === 'dir' && fatTree.lookup(path)?.kind === 'dir')
    },
    hasPackage: (name) => packages.has(name),
    bytes: bytesOf(tree),
  }
}

function assumed(fatTree: FileTree, fatDb: PackageDatabase, baseLayers: number): LeanBase {
  const hasPackage = (name: string): boolean => {
    const found = fatDb.packages.get(name)
    return slimPackages.has(name) || found?.priority === 'required' || found?.essential === true
  }
  return {
    has: (path) => {
      const { entry, path: real } = resolvePath(fatTree, path)
      if (!entry) return false
      const owner = fatDb.ownerOf(real)
      return owner ? hasPackage(owner.name) : entry.layer < baseLayers
    },
    hasPackage,
    bytes: null,
  }
}

/** Bytes of the regular files of a tree, hard links counted once. */
export function bytesOf(tree: FileTree): number {
  const seen = new Set<string>()
  let bytes = 0
  for (const entry of entriesOf(tree)) {
    if (entry.kind !== 'file') continue
    if (entry.hardlinkGroup !== undefined) {
      const group = `${entry.layer}:${entry.hardlinkGroup}`
      if (seen.has(group)) continue
      seen.add(group)
    }
    bytes += entry.size
  }
  return bytes
}
