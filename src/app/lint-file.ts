import { statSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import type { Source } from '../base/index.ts'
import { envMap } from '../build/index.ts'
import { findIgnoreFile, parseIgnore } from '../context/index.ts'
import { type BaseFacts, type LintInput, type LintResult, officialImage } from '../lint/index.ts'
import { findDockerfile } from './dockerfile-file.ts'
import { hostPlatform } from './platform.ts'
import type { Session } from './session.ts'

export type LintOptions = {
  /** A folder, whose Dockerfile is meant, or a Dockerfile. */
  readonly path: string
  /** Path of the Dockerfile; default `Dockerfile` in the folder. */
  readonly file?: string | undefined
  readonly cwd: string
  readonly args?: Readonly<Record<string, string>>
  /** Look only at what this stage needs, `''` being the last one; default: at every stage. */
  readonly target?: string | undefined
  /** Text instead of the file's, and ignore rules instead of those beside it. */
  readonly dockerfile?: Source | undefined
  readonly ignoreFile?: Source | null | undefined
}

export type Linted = {
  /** Absolute path of the Dockerfile. */
  readonly path: string
  readonly source: Source
  readonly result: LintResult
}

/**
 * Hands the Dockerfile of a folder to a judge, with what is known beside it. Base images are known from the session's store, else from a list of official
 * images; nothing is pulled. The session may be undefined: linting needs no store.
 * @throws Fault DOCKERFILE_NOT_FOUND, DOCKERIGNORE_INVALID, CHECK_OPTION_INVALID
 */
export function lintFile(
  session: Session | undefined,
  options: LintOptions,
  judge: (input: LintInput) => LintResult,
): Linted {
  const { path, root, source } = locate(options)
  const ignoreFile =
    options.ignoreFile === undefined
      ? findIgnoreFile({ contextDir: root, dockerfile: path })
      : options.ignoreFile
  const result = judge({
    source,
    platform: hostPlatform(),
    ignore: ignoreFile && parseIgnore(ignoreFile),
    base: (reference) => baseFacts(session, reference) ?? officialImage(reference),
    ...(options.args ? { args: options.args } : {}),
    ...(options.target === undefined ? {} : { target: options.target }),
  })
  return { path, source, result }
}

function locate(options: LintOptions): { path: string; root: string; source: Source } {
  const given = resolve(options.cwd, options.path)
  const isFile = statSync(given, { throwIfNoEntry: false })?.isFile() === true
  const root = isFile ? dirname(given) : given
  if (options.dockerfile)
    return {
      path: resolve(options.cwd, options.file ?? join(root, 'Dockerfile')),
      root,
      source: options.dockerfile,
    }
  return { root, ...findDockerfile(root, isFile ? given : options.file, options.cwd) }
}

function baseFacts(session: Session | undefined, reference: string): BaseFacts | undefined {
  const image = session?.store.findImage(reference)
  if (!image) return undefined
  const { os, architecture, variant, config } = image.config
  return {
    env: envMap(config.Env ?? []),
    shell: (config.Shell ?? []).length > 0,
    platform: { os, architecture, ...(variant === undefined ? {} : { variant }) },
  }
}
