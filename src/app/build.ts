import { join } from 'node:path'
import { Fault } from '../base/index.ts'
import type { BuildRequest, BuildResult, StepCache } from '../build/index.ts'
import { type BuildInput, type InputOptions, openInput } from './build-input.ts'
import { buildRequest } from './build-request.ts'
import type { CacheSource, CacheTarget } from './cache-spec.ts'
import { openNamedContexts } from './named-contexts.ts'
import { pullingBases } from './pulling-bases.ts'
import { recorded } from './record-build.ts'
import { runBuild } from './run-build.ts'
import type { Session } from './session.ts'

/** What a build is told besides its Dockerfile and its files. */
export type InputBuildOptions = {
  /** `--build-context NAME=VALUE`. */
  readonly contexts?: readonly string[] | undefined
  readonly cacheFrom?: readonly CacheSource[]
  readonly cacheTo?: readonly CacheTarget[]
  /** Base images are looked for in the registry even when the store has them. */
  readonly pull?: boolean
  readonly cwd: string
} & Partial<
  Pick<
    BuildRequest,
    | 'target'
    | 'args'
    | 'labels'
    | 'tags'
    | 'secrets'
    | 'ssh'
    | 'noCache'
    | 'why'
    | 'noCacheStages'
    | 'keep'
    | 'entitlements'
    | 'network'
    | 'addHosts'
    | 'shmSize'
    | 'ulimits'
  >
>

export type BuildOptions = Omit<InputOptions, 'stdin' | 'keepGitDir'> & InputBuildOptions

/** Builds an image with the embedded engine. @throws as `openInput` and `buildImage` */
export async function build(session: Session, options: BuildOptions): Promise<BuildResult> {
  const { context, file, dockerfile, ignoreFile, cwd, ...rest } = options
  const input = await openInput(session, { context, file, dockerfile, ignoreFile, cwd })
  try {
    return await buildInput(session, input, { ...rest, cwd })
  } finally {
    input.close()
  }
}

/** Builds what `openInput` opened; the caller closes it. */
export async function buildInput(
  session: Session,
  input: BuildInput,
  options: InputBuildOptions,
): Promise<BuildResult> {
  const { contexts, cwd, cacheFrom = [], cacheTo = [], pull = false, ...request } = options
  await refuseViolations(session, input, options)
  const { engine } = session.settings
  if (engine !== 'embedded') {
    const { outsideBuilder, refuseForOutside } = await import('./outside-build.ts')
    refuseForOutside(engine, options)
    const { dockerfile, context } = input
    const asked = buildRequest({ dockerfile, context, ...request })
    return await outsideBuilder(session, engine).build(asked, session)
  }
  const indexDir = join(session.settings.root, 'contexts')
  const named = openNamedContexts(session, contexts ?? [], { cwd, indexDir })
  try {
    const { dockerfile, context, epoch: contextEpoch } = input
    const asked = buildRequest({
      ...{ dockerfile, context, namedContexts: named.contexts, contextEpoch },
      ...request,
      inlineCache: cacheTo.some(({ place }) => place.type === 'inline'),
    })
    const { emit, signal, store } = session
    return await withCaches(session, { cacheFrom, cacheTo, cwd }, (cache) =>
      recorded(store, { request: asked, dockerfile: input.path }, (note) =>
        runBuild(pull ? { ...session, bases: pullingBases(session) } : session, asked, {
          emit,
          signal,
          note,
          ...cache,
        }),
      ),
    )
  } finally {
    named.close()
  }
}

/** Steps from `--cache-from` before, and to `--cache-to` after. A build without them loads nothing for it. */
async function withCaches(
  session: Session,
  {
    cacheFrom,
    cacheTo,
    cwd,
  }: {
    readonly cacheFrom: readonly CacheSource[]
    readonly cacheTo: readonly CacheTarget[]
    readonly cwd: string
  },
  run: (cache: { readonly cache?: StepCache }) => Promise<BuildResult>,
): Promise<BuildResult> {
  if (cacheFrom.length + cacheTo.length === 0) return run({})
  const { exportCaches, importCaches } = await import('./step-cache.ts')
  const cache = await importCaches(session, cacheFrom, cwd)
  try {
    const result = await run({ cache })
    await exportCaches(session, result, cacheTo, cwd)
    return result
  } finally {
    cache.close()
  }
}

/**
 * `error=true` of a `# check` directive or of BUILDKIT_DOCKERFILE_CHECK: nothing is built when a build check speaks. The
 * checks run here only for who asks.
 */
async function refuseViolations(
  session: Session,
  { dockerfile, ignoreFile, root }: BuildInput,
  { args, target }: InputBuildOptions,
): Promise<void> {
  const given = args?.['BUILDKIT_DOCKERFILE_CHECK']
  if (!/^#\s*check\s*=.*error/im.test(given === undefined ? dockerfile.text : `#check=${given}`))
    return
  const { checkFile } = await import('./check-file.ts')
  const { result, source } = checkFile(session, {
    ...{ path: root, cwd: root, dockerfile, ignoreFile },
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
