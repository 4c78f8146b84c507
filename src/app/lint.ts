import { statSync, writeFileSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import type { Source } from '../base/index.ts'
import { envMap } from '../build/index.ts'
import { findIgnoreFile, parseIgnore } from '../context/index.ts'
import {
  applySafeFixes,
  type BaseFacts,
  checks,
  type Finding,
  type LintResult,
  lintDockerfile,
  officialImage,
} from '../lint/index.ts'
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
  /** `checks`: what `docker build --check` looks at; `all`: our smells as well. */
  readonly rules: 'checks' | 'all'
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
 * Lints the Dockerfile of a folder. Base images are known from the session's store, else from a list of official
 * images; nothing is pulled. The session may be undefined: linting needs no store.
 * @throws Fault DOCKERFILE_NOT_FOUND, DOCKERIGNORE_INVALID, CHECK_OPTION_INVALID
 */
export function lint(session: Session | undefined, options: LintOptions): Linted {
  const { path, root, source } = locate(options)
  const ignoreFile =
    options.ignoreFile === undefined
      ? findIgnoreFile({ contextDir: root, dockerfile: path })
      : options.ignoreFile
  const result = lintDockerfile({
    source,
    platform: hostPlatform(),
    ignore: ignoreFile && parseIgnore(ignoreFile),
    base: (reference) => baseFacts(session, reference) ?? officialImage(reference),
    ...(options.args ? { args: options.args } : {}),
    ...(options.target === undefined ? {} : { target: options.target }),
    ...(options.rules === 'checks' ? { rules: checks } : {}),
  })
  return { path, source, result }
}

/** Applies the safe fixes to the file. @returns what was fixed, and the findings that are left */
export function lintAndFix(
  session: Session | undefined,
  options: LintOptions,
): { readonly fixed: readonly Finding[]; readonly left: Linted } {
  const fixed: Finding[] = []
  for (;;) {
    const linted = lint(session, options)
    // Text that does not parse as it stands is no ground for edits.
    const round =
      linted.result.errors.length > 0
        ? { text: linted.source.text, fixed: [] }
        : applySafeFixes(linted.source.text, linted.result.findings)
    if (round.text === linted.source.text) return { fixed, left: linted }
    writeFileSync(linted.path, round.text)
    fixed.push(...round.fixed)
  }
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
