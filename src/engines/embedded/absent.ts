import { chmodSync, existsSync, lchownSync, mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { diskPath, type FileTree, resolvePath } from '../../image/index.ts'
import { native } from '../../store/index.ts'

const characterDevice = 0o020000

/**
 * Puts whiteouts into an upper directory, so that what is mounted over the tree lacks these paths (overlayfs.rst,
 * "whiteouts and opaque directories"). Directories above them keep their owner and mode. Paths that are not there are
 * passed over.
 */
export function hidePaths(upper: string, tree: FileTree, paths: readonly string[]): void {
  for (const path of paths) {
    const { entry, path: real } = resolvePath(tree, path, { followLast: false })
    if (!entry || real === '/') continue
    const parts = real.slice(1).split('/')
    let inside = ''
    for (const part of parts.slice(0, -1)) {
      inside = `${inside}/${part}`
      makeLike(upper, tree, inside)
    }
    const place = diskPath(join(upper, real))
    if (!existsSync(place)) native().mknod(place, characterDevice, { major: 0, minor: 0 })
  }
}

function makeLike(upper: string, tree: FileTree, path: string): void {
  const place = diskPath(join(upper, path))
  if (existsSync(place)) return
  const entry = tree.lookup(path)
  mkdirSync(place)
  if (!entry) return
  lchownSync(place, entry.uid, entry.gid)
  chmodSync(place, entry.mode)
}
