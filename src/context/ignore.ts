import { posix } from 'node:path'
import { Fault, isFault, type Range, type Source } from '../base/index.ts'
import { compilePatterns, type PathPattern, type PatternSet } from '../image/index.ts'

/** A line of a `.dockerignore`; `range` is its text in the file. */
export type IgnorePattern = PathPattern & { readonly range: Range }

/**
 * The patterns of a `.dockerignore`, in order (moby's `ignorefile`): `#` only in the first column is a comment, blanks
 * around a line and after `!` go, paths are cleaned, one leading slash goes, a byte order mark is skipped.
 * @throws Fault DOCKERIGNORE_INVALID at the malformed line
 */
export function parseIgnore(source: Source): readonly IgnorePattern[] {
  const patterns: IgnorePattern[] = []
  let start = 0
  for (const raw of source.text.split('\n')) {
    const skipped = start === 0 && raw.startsWith('\uFEFF') ? 1 : 0
    const line = raw.slice(skipped)
    const text = line.trim()
    if (text !== '' && !line.startsWith('#')) {
      const from = start + skipped + line.indexOf(text)
      patterns.push(parseLine(text, { start: from, end: from + text.length }, source))
    }
    start += raw.length + 1
  }
  return patterns
}

/** What a list of ignore patterns says about paths relative to the context. */
export function ignoreMatcher(patterns: readonly IgnorePattern[]): PatternSet {
  return compilePatterns(patterns)
}

function parseLine(text: string, range: Range, source: Source): IgnorePattern {
  const negated = text.startsWith('!')
  const bare = clean(negated ? text.slice(1).trim() : text)
  const pattern = {
    text: bare.length > 1 && bare.startsWith('/') ? bare.slice(1) : bare,
    negated,
    range,
  }
  if (negated && (bare === '' || bare === '/'))
    throw invalid(
      `illegal exclusion pattern: "${text}"`,
      'write what to keep after the `!`',
      range,
      source,
    )
  try {
    compilePatterns([pattern])
  } catch (error) {
    if (!isFault(error)) throw error
    throw invalid(error.message, error.hint, range, source)
  }
  return pattern
}

/** Go's `filepath.Clean`, but nothing stays nothing. */
function clean(path: string): string {
  if (path === '') return ''
  const normal = posix.normalize(path)
  return normal.length > 1 && normal.endsWith('/') ? normal.slice(0, -1) : normal
}

function invalid(message: string, hint: string | undefined, range: Range, source: Source): Fault {
  return new Fault('DOCKERIGNORE_INVALID', message, {
    kind: 'invalid',
    hint,
    at: { source, range },
  })
}
