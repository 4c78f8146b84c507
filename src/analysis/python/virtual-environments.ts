import type { FileTree } from '../../image/index.ts'
import { join, realDirectory } from '../canonical.ts'
import { variable } from '../environment.ts'

/** System directories whose contents packages own: no project keeps an environment right there. */
const system: ReadonlySet<string> = new Set([
  ...['bin', 'boot', 'dev', 'etc', 'lib', 'lib32', 'lib64', 'libx32', 'media', 'mnt', 'proc'],
  ...['run', 'sbin', 'sys', 'tmp', 'usr', 'var', 'node_modules', '.git', 'site-packages'],
])

/** Where to look, and how many directories deep. */
const places: readonly (readonly [string, number])[] = [
  ['/', 2],
  ['/home', 3],
  ['/root', 2],
  ['/opt', 2],
  ['/usr/src', 2],
  ['/usr/local', 1],
  ['/var/www', 2],
  ['/root/.local/share/pipx/venvs', 1],
  ['/root/.local/share/uv/tools', 1],
  ['/opt/pipx/venvs', 1],
]

/** Directories with a `pyvenv.cfg`: VIRTUAL_ENV, then the working directory, then the usual places. */
export function virtualEnvironments(
  tree: FileTree,
  env: readonly string[] | undefined,
  workDir: string | undefined,
): readonly string[] {
  const active = variable(env, 'VIRTUAL_ENV')
  const found = new Set(active?.startsWith('/') ? [active] : [])
  const search = (dir: string, depth: number): void => {
    if (tree.lookup(join(dir, 'pyvenv.cfg'))?.kind === 'file') found.add(dir)
    if (depth === 0) return
    for (const name of tree.readdir(dir)) {
      const path = join(dir, name)
      if (!system.has(name) && tree.lookup(path)?.kind === 'dir') search(path, depth - 1)
    }
  }
  const from: readonly (readonly [string, number])[] = [[workDir || '/', 2], ...places]
  for (const [dir, depth] of from) {
    const real = realDirectory(tree, dir)
    if (real !== undefined) search(real, depth)
  }
  return [...found]
}
