import { type FileTree, resolvePath } from '../../image/index.ts'
import type { Canonical } from '../canonical.ts'
import type { Package, PackageDatabase } from '../types.ts'

/** A database whose paths are canonical already; looks a path up by name, then by the file it leads to. */
export function databaseOf(
  tree: FileTree,
  canonical: Canonical,
  packages: ReadonlyMap<string, Package>,
): PackageDatabase {
  const owners = new Map<string, Package>()
  // The first that lists a path has it.
  for (const one of [...packages.values()].reverse())
    for (const path of one.files) owners.set(path, one)
  const ownerOf = (path: string): Package | undefined => {
    const named = owners.get(path)
    if (named) return named
    const real = canonical(path)
    const direct = real === path ? undefined : owners.get(real)
    if (direct) return direct
    const link = tree.lookup(real)
    return link?.kind === 'symlink' ? ownerOfTarget(tree, owners, link.path) : undefined
  }
  return { packages, ownerOf }
}

function ownerOfTarget(
  tree: FileTree,
  owners: ReadonlyMap<string, Package>,
  path: string,
): Package | undefined {
  try {
    return owners.get(resolvePath(tree, path).path)
  } catch {
    return undefined
  }
}
