import { join, resolve } from 'node:path'
import { Fault, type Source } from '../base/index.ts'
import type { BuildRequest, BuildResult } from '../build/index.ts'
import { findIgnoreFile, openContext } from '../context/index.ts'
import { buildRequest } from './build-request.ts'
import { findDockerfile } from './dockerfile-file.ts'
import { openNamedContexts } from './named-contexts.ts'
import { runBuild } from './run-build.ts'
import type { Session } from './session.ts'

export type BuildOptions = {
  /** Directory of the context; null for an empty one. */
  readonly context: string | null
  /** Path of the Dockerfile; default `Dockerfile` in the context. */
  readonly file?: string | undefined
  /** Text instead of a file. */
  readonly dockerfile?: Source | undefined
  /** Ignore rules instead of the file beside the Dockerfile; null for none. */
  readonly ignoreFile?: Source | null | undefined
  /** `--build-context NAME=VALUE`. */
  readonly contexts?: readonly string[] | undefined
  readonly cwd: string
} & Partial<
  Pick<
    BuildRequest,
    | 'target'
    | 'args'
    | 'labels'
    | 'tags'
    | 'secrets'
    | 'noCache'
    | 'why'
    | 'noCacheStages'
    | 'entitlements'
    | 'network'
    | 'addHosts'
  >
>

/** Builds a directory's image with the embedded engine. */
export async function build(session: Session, options: BuildOptions): Promise<BuildResult> {
  if (options.context !== null) return buildFolder(session, options, options.context)
  const empty = session.store.workspace('context')
  try {
    return await buildFolder(session, { ...options, ignoreFile: null }, empty.dir)
  } finally {
    empty.remove()
  }
}

async function buildFolder(
  session: Session,
  options: BuildOptions,
  dir: string,
): Promise<BuildResult> {
  const { context: _given, file, dockerfile, ignoreFile, contexts, cwd, ...request } = options
  const root = resolve(cwd, dir)
  const found = dockerfile
    ? { path: join(root, 'Dockerfile'), source: dockerfile }
    : findDockerfile(root, file, cwd)
  await refuseViolations(session, { ...options, dockerfile: found.source, file: found.path })
  const ignore =
    ignoreFile === undefined
      ? findIgnoreFile({ contextDir: root, dockerfile: found.path })
      : ignoreFile
  const indexDir = join(session.settings.root, 'contexts')
  const context = openContext({ dir: root, ignoreFile: ignore, indexDir })
  const named = openNamedContexts(contexts ?? [], { cwd, indexDir })
  try {
    return await runBuild(
      session,
      buildRequest({
        ...{ dockerfile: found.source, context, namedContexts: named.contexts },
        ...request,
      }),
      {
        emit: session.emit,
        signal: session.signal,
      },
    )
  } finally {
    context.saveIndex()
    named.saveIndexes()
  }
}

/**
 * `error=true` of a `# check` directive or of BUILDKIT_DOCKERFILE_CHECK: nothing is built when a build check speaks. The
 * checks run here only for who asks.
 */
async function refuseViolations(session: Session, options: BuildOptions): Promise<void> {
  const { dockerfile, args, target, context, cwd, file, ignoreFile } = options
  const given = args?.['BUILDKIT_DOCKERFILE_CHECK']
  if (
    !/^#\s*check\s*=.*error/im.test(
      given === undefined ? (dockerfile?.text ?? '') : `#check=${given}`,
    )
  )
    return
  const { checkFile } = await import('./check-file.ts')
  const { result, source } = checkFile(session, {
    ...{ path: context ?? '.', file, cwd, dockerfile, ignoreFile },
    target: target ?? '',
    ...(args ? { args } : {}),
  })
  const [first] = result.findings
  if (!result.returnAsError || !first) return
  const rules = [...new Set(result.findings.map(({ rule }) => rule))].join(', ')
  throw new Fault('LINT_VIOLATION', `lint violation found for rules: ${rules}`, {
    hint: 'jettison build --check shows them; error=true in the check options makes them fail the build',
    at: { source, range: first.range },
  })
}
