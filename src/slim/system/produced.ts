import type { PackageDatabase } from '../../analysis/index.ts'
import type { FileTree } from '../../image/index.ts'
import { isLeftBehind } from './kept.ts'

/** What one layer of the fat image put there and the runtime needs: whole new directories, and single files. */
export type Produced = {
  readonly directories: readonly string[]
  readonly files: readonly string[]
}

const forBuilding = /\.(?:a|la|h|hpp|pc|cmake|o)$|\/(?:man|doc|aclocal|pkgconfig|cmake)\//

/**
 * The files of a layer that no system package owns, without caches, headers, static libraries and documentation. A
 * directory that the layer made itself, below one that was there, stands for everything in it.
 */
export function producedBy(tree: FileTree, db: PackageDatabase, layer: number): Produced {
  const directories: string[] = []
  const files: string[] = []
  for (const entry of tree.walk()) {
    if (entry.layer !== layer || isLeftBehind(entry.path) || directories.some(holds(entry.path)))
      continue
    if (entry.kind === 'dir') {
      if (isNew(tree, entry.path, layer)) directories.push(entry.path)
    } else if (!forBuilding.test(entry.path) && !db.ownerOf(entry.path)) files.push(entry.path)
  }
  return { directories: directories.filter((path) => tree.readdir(path).length > 0), files }
}

function holds(path: string): (dir: string) => boolean {
  return (dir) => path.startsWith(`${dir}/`)
}

/** A layer also lists directories that it only changed: those hold entries of other layers. */
function isNew(tree: FileTree, path: string, layer: number): boolean {
  const pending = [path]
  for (let here = pending.pop(); here !== undefined; here = pending.pop())
    for (const name of tree.readdir(here)) {
      const entry = tree.lookup(`${here === '/' ? '' : here}/${name}`)
      if (entry && entry.layer < layer) return false
      if (entry?.kind === 'dir') pending.push(entry.path)
    }
  return !isShared(path)
}

/** Directories of the file system hierarchy are never copied whole. */
function isShared(path: string): boolean {
  return /^\/(?:etc|usr|usr\/(?:local\/)?(?:bin|sbin|lib|share|include|libexec|etc)|usr\/local|var|var\/lib|opt|srv|home|root|bin|sbin|lib|lib64|mnt|media)$/.test(
    path,
  )
}
