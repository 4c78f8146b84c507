import type { ImageConfig } from '../../image/index.ts'
import { folded, parentOf } from '../canonical.ts'
import type { StartedProgram } from '../entry/index.ts'

/** Directories that hold more than an app: one of these is no app's root, whatever is started in it. */
const common =
  /^\/(?:(?:usr|usr\/local|opt|home|root|var|srv|mnt|media|tmp|var\/tmp|var\/lib|usr\/src|usr\/local\/src)?$|(?:etc|bin|sbin|lib|lib32|lib64|libx32|boot|dev|proc|sys|run)(?:\/|$)|usr\/(?:local\/)?(?:bin|sbin|lib|lib64|libexec|share|include)(?:\/|$))/

/**
 * Directories of the app itself: the working directory, and where the programs and files lie that the image starts. What
 * is in them is the app's, whatever it is called.
 */
export function appRootsOf(
  { config }: ImageConfig,
  started: readonly StartedProgram[],
): readonly string[] {
  const files = started.flatMap(({ path, files: named }) => [...(path ? [path] : []), ...named])
  const folders = [folded(config.WorkingDir ?? '/'), ...files.map(parentOf)]
  return [...new Set(folders)].filter((dir) => !common.test(dir))
}
