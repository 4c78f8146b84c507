import { join, resolve } from 'node:path'
import type { Source } from '../base/index.ts'
import type { BuildContext } from '../build/index.ts'
import { findIgnoreFile, openContext } from '../context/index.ts'
import { findDockerfile } from './dockerfile-file.ts'
import type { Session } from './session.ts'

/** A folder with a Dockerfile, as `slim` and `plan` take it. */
export type Project = {
  /** Absolute folder of the context. */
  readonly root: string
  /** Absolute path of the Dockerfile. */
  readonly path: string
  readonly dockerfile: Source
  /** The ignore file that applies, null when the project has none. */
  readonly ignoreFile: Source | null
  readonly context: BuildContext
}

/** @throws Fault DOCKERFILE_NOT_FOUND, CONTEXT_NOT_FOUND */
export function openProject(
  session: Session,
  options: { readonly context: string; readonly file?: string | undefined; readonly cwd: string },
): Project {
  const root = resolve(options.cwd, options.context)
  const { path, source } = findDockerfile(root, options.file, options.cwd)
  const ignoreFile = findIgnoreFile({ contextDir: root, dockerfile: path })
  const context = openContext({
    dir: root,
    ignoreFile,
    indexDir: join(session.settings.root, 'contexts'),
  })
  return { root, path, dockerfile: source, ignoreFile, context }
}
