import { join, resolve } from 'node:path'
import type { Source } from '../base/index.ts'
import type { BuildRequest, BuildResult } from '../build/index.ts'
import { findIgnoreFile, openContext } from '../context/index.ts'
import { buildRequest } from './build-request.ts'
import { findDockerfile } from './dockerfile-file.ts'
import { runBuild } from './run-build.ts'
import type { Session } from './session.ts'

export type BuildOptions = {
  /** Directory of the context. */
  readonly context: string
  /** Path of the Dockerfile; default `Dockerfile` in the context. */
  readonly file?: string | undefined
  /** Text instead of a file. */
  readonly dockerfile?: Source | undefined
  /** Ignore rules instead of the file beside the Dockerfile; null for none. */
  readonly ignoreFile?: Source | null | undefined
  readonly cwd: string
} & Partial<
  Pick<
    BuildRequest,
    'target' | 'args' | 'labels' | 'tags' | 'secrets' | 'noCache' | 'network' | 'addHosts'
  >
>

/** Builds a directory's image with the embedded engine. */
export async function build(session: Session, options: BuildOptions): Promise<BuildResult> {
  const { context: dir, file, dockerfile, ignoreFile, cwd, ...request } = options
  const root = resolve(cwd, dir)
  const found = dockerfile
    ? { path: join(root, 'Dockerfile'), source: dockerfile }
    : findDockerfile(root, file, cwd)
  const ignore =
    ignoreFile === undefined
      ? findIgnoreFile({ contextDir: root, dockerfile: found.path })
      : ignoreFile
  const context = openContext({
    dir: root,
    ignoreFile: ignore,
    indexDir: join(session.settings.root, 'contexts'),
  })
  try {
    return await runBuild(
      session,
      buildRequest({ dockerfile: found.source, context, ...request }),
      {
        emit: session.emit,
        signal: session.signal,
      },
    )
  } finally {
    context.saveIndex()
  }
}
