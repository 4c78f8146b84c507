import { Fault, type Place, type Range } from '../base/index.ts'
import type { CopyInstruction } from '../dockerfile/index.ts'
import { compilePatterns, type PatternSet } from '../image/index.ts'
import { expand, flagOf, flagOn, type Job, placeOf } from './job.ts'
import { placed } from './layer-step.ts'
import { type ModeChange, parseMode } from './mode.ts'
import type { StageState } from './state.ts'

/** The flags of a COPY or ADD with their variables expanded. */
export type CopyFlags = {
  readonly chown: string | null
  readonly chmod: string | null
  readonly mode: ModeChange | null
  /** The layer does not depend on what is below (BuildKit: not together with `--chmod`). */
  readonly link: boolean
  readonly parents: boolean
  readonly excludes: readonly string[]
  readonly exclude: PatternSet | null
  readonly checksum: string | null
  readonly keepGitDir: boolean | null
  readonly unpack: boolean | null
}

/** @throws Fault CHMOD_INVALID, CHOWN_LINK, PATTERN_INVALID */
export function copyFlags(job: Job, state: StageState, instruction: CopyInstruction): CopyFlags {
  const text = (name: string): string | null => {
    const value = flagOf(instruction, name)
    return value === undefined || value === null
      ? null
      : expand(job, state.scope, value, rangeOf(name))
  }
  const rangeOf = (name: string): Range =>
    instruction.flags.findLast((flag) => flag.name === name)?.range ?? instruction.range
  const placeOfFlag = (name: string): Place => placeOf(job, rangeOf(name))
  const switched = (name: string): boolean | null =>
    instruction.flags.some((flag) => flag.name === name) ? flagOn(instruction, name) : null
  const chown = text('chown')
  const chmod = text('chmod')
  const link = switched('link') === true && !chmod
  if (link && chown !== null && !/^(?:\d+|root)?(?::(?:\d+|root)?)?$/.test(chown))
    throw new Fault(
      'CHOWN_LINK',
      `--chown=${chown}: user and group names can't be resolved when used with --link, use numeric uid[:gid] instead`,
      { kind: 'invalid', at: placeOfFlag('chown') },
    )
  const excludes = instruction.flags.flatMap((flag) =>
    flag.name === 'exclude' && flag.value !== null
      ? [expand(job, state.scope, flag.value, flag.range)]
      : [],
  )
  return {
    ...{ chown: chown || null, chmod: chmod || null, link, excludes },
    mode: chmod ? parseMode(chmod, placeOfFlag('chmod')) : null,
    parents: switched('parents') === true,
    exclude: placed(() => patternsOf(excludes), placeOfFlag('exclude')),
    checksum: text('checksum') || null,
    keepGitDir: switched('keep-git-dir'),
    unpack: switched('unpack'),
  }
}

/** Patterns as moby/patternmatcher reads them: trimmed, cleaned, `!` takes back; null when there are none. */
export function patternsOf(texts: readonly string[]): PatternSet | null {
  const patterns = texts
    .map((text) => text.trim())
    .filter((text) => text !== '')
    .map((text) => {
      const negated = text.startsWith('!')
      if (text === '!')
        throw new Fault('PATTERN_INVALID', 'illegal exclusion pattern: "!"', {
          kind: 'invalid',
          hint: 'write the pattern that is taken back after the !',
        })
      return { text: cleanPath(negated ? text.slice(1) : text), negated }
    })
  return patterns.length === 0 ? null : compilePatterns(patterns)
}

/** Go's path.Clean. */
function cleanPath(text: string): string {
  const rooted = text.startsWith('/')
  const parts: string[] = []
  for (const part of text.split('/')) {
    if (part === '' || part === '.') continue
    if (part === '..' && (rooted || (parts.length > 0 && parts.at(-1) !== '..'))) parts.pop()
    else parts.push(part)
  }
  return `${rooted ? '/' : ''}${parts.join('/')}` || '.'
}
