import { type FileTree, type ImageConfig, resolvePath } from '../../image/index.ts'
import { join } from '../canonical.ts'
import { searchDirectories } from '../environment.ts'

/**
 * The absolute path that execvp would start: through PATH of the image's environment, or relative to its working
 * directory when the name has a slash. Links are not resolved in the answer.
 * @returns undefined when nothing executable is found
 */
export function findProgram(
  tree: FileTree,
  { config }: Pick<ImageConfig, 'config'>,
  name: string,
): string | undefined {
  if (name === '') return undefined
  if (name.includes('/')) {
    const path = name.startsWith('/')
      ? name
      : join(config.WorkingDir || '/', name.replace(/^(?:\.\/)+/, ''))
    return isExecutable(tree, path) ? path : undefined
  }
  return searchDirectories(config.Env)
    .map((dir) => join(dir.replace(/(?<=.)\/+$/, ''), name))
    .find((path) => isExecutable(tree, path))
}

/** A regular file with an execute bit, through links. */
export function isExecutable(tree: FileTree, path: string): boolean {
  try {
    const { entry } = resolvePath(tree, path)
    return entry?.kind === 'file' && (entry.mode & 0o111) !== 0
  } catch {
    return false
  }
}
