import { type FileTree, resolvePath } from '../../image/index.ts'

/** Where builds install programs and libraries, and where an image's own `cp` puts them. */
const installedTo: readonly string[] = [
  ...['/usr/local/bin', '/usr/local/sbin', '/usr/local/lib', '/usr/local/libexec'],
  ...['/usr/local/cargo/bin', '/root/.cargo/bin', '/go/bin'],
  ...['/usr/bin', '/usr/sbin', '/usr/lib', '/bin', '/sbin'],
]

/** Files that only CMake, Ninja, Meson, a configured make or Cargo leave at the top of what they build in. */
const marks: readonly string[] = [
  'CMakeCache.txt',
  'build.ninja',
  'config.status',
  'Makefile',
  'CACHEDIR.TAG',
]

/**
 * The installed copy of a program or library that lies in a directory it was built in: what has the same name where
 * programs are installed, above the base. Undefined for everything else.
 */
export function installedCopy(
  tree: FileTree,
  path: string,
  baseLayers: number,
): string | undefined {
  if (installedTo.some((dir) => path.startsWith(`${dir}/`)) || !inBuildTree(tree, path))
    return undefined
  const name = path.slice(path.lastIndexOf('/') + 1)
  return installedTo
    .map((dir) => `${dir}/${name}`)
    .find((twin) => {
      const { entry, path: real } = resolvePath(tree, twin)
      return entry?.kind === 'file' && entry.layer >= baseLayers && real !== path
    })
}

/** True when a directory above holds what a build leaves. */
function inBuildTree(tree: FileTree, path: string): boolean {
  for (let dir = parentOf(path); dir !== ''; dir = parentOf(dir))
    if (marks.some((mark) => tree.lookup(`${dir}/${mark}`) !== undefined)) return true
  return false
}

function parentOf(path: string): string {
  return path.slice(0, path.lastIndexOf('/'))
}
