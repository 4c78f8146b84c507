import { Fault } from '../../base/index.ts'
import { type GlobToken, inClass, parseGlob } from './glob.ts'

/** One line of a pattern list, already cleaned as Go's `path.Clean` does, without a leading slash. */
export type PathPattern = { readonly text: string; readonly negated: boolean }

/**
 * What a list said about one path; hand it to `match` for the entries of that directory. `decidedBy` is the index of
 * the pattern that had the last word, -1 when none matched.
 */
export type PatternState = {
  readonly excluded: boolean
  readonly decidedBy: number
  readonly matched: Uint8Array
}

/** A compiled `.dockerignore`, or the `--exclude` flags of a COPY. Paths are relative, without a leading slash. */
export type PatternSet = {
  readonly patterns: readonly PathPattern[]
  /** `parent` is the state of the directory that holds `path`, undefined at the top. */
  match(path: string, parent?: PatternState): PatternState
  /** Whether a path is excluded, directly or by one of its parents. */
  excludes(path: string): boolean
  /** False when nothing below an excluded directory can come back, so that it need not be read. */
  mayReinclude(directory: string): boolean
}

/**
 * The meaning of moby/patternmatcher as BuildKit walks a context with it (`MatchesUsingParentResults`): patterns in
 * order, the last match wins, a match on a parent counts for all below it. `**` crosses directories, `*` and `?` do
 * not. Where the regular expression that moby makes of a pattern differs by accident from `filepath.Match` (`\d`,
 * `[*]`, a bare `^`), the documented meaning holds. Matching is linear in the path.
 * @throws Fault PATTERN_INVALID for a pattern that `filepath.Match` or the compiled class refuses
 */
export function compilePatterns(patterns: readonly PathPattern[]): PatternSet {
  const tests = patterns.map(compile)
  const negatedAt = patterns.map((pattern) => pattern.negated)
  const negated = patterns.filter((pattern) => pattern.negated)
  const match = (path: string, parent?: PatternState): PatternState => {
    const matched = new Uint8Array(tests.length)
    let excluded = false
    let decidedBy = -1
    for (let index = 0; index < tests.length; index++) {
      const inherited = parent !== undefined && parent.matched[index] === 1
      // moby does not look at a pattern that could not change the answer, and children see that as "no match".
      if (!inherited && (negatedAt[index] !== excluded || tests[index]?.(path) !== true)) continue
      matched[index] = 1
      excluded = negatedAt[index] !== true
      decidedBy = index
    }
    return { excluded, decidedBy, matched }
  }
  return {
    patterns,
    match,
    excludes: (path) => {
      let state: PatternState | undefined
      for (let at = path.indexOf('/'); at >= 0; at = path.indexOf('/', at + 1))
        state = match(path.slice(0, at), state)
      return match(path, state).excluded
    },
    mayReinclude: (directory) => negated.some((pattern) => reaches(pattern.text, directory)),
  }
}

/** A pattern with wildcards before its last piece may match anywhere; a literal one only below its own prefix. */
function reaches(pattern: string, directory: string): boolean {
  const literal = pattern.replace(/\/\*\*?$/, '')
  return /[*[\]?^\\]/.test(literal) || `${literal}/`.startsWith(`${directory}/`)
}

type Test = (path: string) => boolean

type Piece =
  | GlobToken
  /** `(.*\/)?` takes two places: the choice to skip it, and being inside it. */
  | { readonly kind: 'dirs' }
  | { readonly kind: 'inside-dirs' }
  | { readonly kind: 'rest' }

function compile(pattern: PathPattern): Test {
  const tokens = parseGlob(pattern.text)
  const reversed = tokens?.some(
    (token) => token.kind === 'class' && token.ranges.some(([low, high]) => low > high),
  )
  if (!tokens || reversed)
    throw new Fault('PATTERN_INVALID', `malformed pattern ${JSON.stringify(pattern.text)}`, {
      kind: 'invalid',
      hint: 'close every `[`, give ranges from low to high; a literal bracket is `[[]`',
    })
  return choose(piecesOf(tokens))
}

/** Left to right as moby reads it: `**` with an optional `/` after it, then single stars. */
function piecesOf(tokens: readonly GlobToken[]): readonly Piece[] {
  const pieces: Piece[] = []
  for (let at = 0; at < tokens.length; at++) {
    const token = tokens[at] as GlobToken
    if (token.kind !== 'star' || tokens[at + 1]?.kind !== 'star') {
      pieces.push(token)
      continue
    }
    at += 1
    const next = tokens[at + 1]
    if (next?.kind === 'char' && next.char === '/') at += 1
    if (at + 1 >= tokens.length) pieces.push({ kind: 'rest' })
    // `**name` matches any path that ends in `name`, also inside a file name.
    else if (
      pieces.length === 0 &&
      !(next?.kind === 'char' && next.char === '/') &&
      allChars(tokens.slice(at + 1))
    )
      pieces.push({ kind: 'rest' })
    else pieces.push({ kind: 'dirs' }, { kind: 'inside-dirs' })
  }
  return pieces
}

/** Most patterns of real files are one string comparison; the others are filtered by their literal ends first. */
function choose(pieces: readonly Piece[]): Test {
  const head = literalRun(pieces)
  const tail = literalTail(pieces)
  const free = pieces.length - [...head].length
  if (free === 0) return (path) => path === head
  if (free === 1 && pieces.at(-1)?.kind === 'rest') return (path) => path.startsWith(head)
  const lead = pieces.slice(0, pieces.length - [...tail].length).map((piece) => piece.kind)
  const leads = lead.join(' ')
  if (leads === 'rest') return (path) => path.endsWith(tail)
  if (leads === 'dirs inside-dirs') return (path) => path === tail || path.endsWith(`/${tail}`)
  if (leads === 'dirs inside-dirs star' && !tail.includes('/')) return (path) => path.endsWith(tail)
  if (leads === 'star')
    return (path) => path.endsWith(tail) && !path.slice(0, path.length - tail.length).includes('/')
  const reads = wildcards(pieces) > 2 ? (path: string) => simulate(pieces, path) : regExp(pieces)
  return (path) => path.startsWith(head) && path.endsWith(tail) && reads(path)
}

function wildcards(pieces: readonly Piece[]): number {
  return pieces.filter(({ kind }) => kind === 'star' || kind === 'rest' || kind === 'dirs').length
}

/** V8 backtracks, so this is for patterns in which it can try no more than two lengths against each other. */
function regExp(pieces: readonly Piece[]): Test {
  const point = (code: number): string => `\\u{${code.toString(16)}}`
  const source = pieces.map((piece) => {
    if (piece.kind === 'char') return point(piece.char.codePointAt(0) ?? 0)
    if (piece.kind === 'class') {
      const ranges = piece.ranges.map(([low, high]) => `${point(low)}-${point(high)}`).join('')
      return `[${piece.negated ? '^' : ''}${ranges}]`
    }
    return { any: '[^/]', star: '[^/]*', dirs: '(?:.*/)?', 'inside-dirs': '', rest: '.*' }[
      piece.kind
    ]
  })
  const compiled = new RegExp(`^(?:${source.join('')})$`, 'su')
  return (path) => compiled.test(path)
}

function allChars(tokens: readonly GlobToken[]): boolean {
  return tokens.every((token) => token.kind === 'char')
}

function literalTail(pieces: readonly Piece[]): string {
  const start = pieces.findLastIndex((piece) => piece.kind !== 'char') + 1
  return literalRun(pieces.slice(start))
}

function literalRun(pieces: readonly Piece[]): string {
  let text = ''
  for (const piece of pieces) {
    if (piece.kind !== 'char') break
    text += piece.char
  }
  return text
}

/** Runs all readings of the pattern side by side, so that no input makes it slow. */
function simulate(pieces: readonly Piece[], path: string): boolean {
  let states = reach(pieces, [0])
  for (const char of path) {
    const next: number[] = []
    for (const state of states) {
      const piece = pieces[state]
      if (piece === undefined) continue
      if (piece.kind === 'star') {
        if (char !== '/') next.push(state)
      } else if (piece.kind === 'rest') next.push(state)
      else if (piece.kind === 'inside-dirs') {
        next.push(state)
        if (char === '/') next.push(state + 1)
      } else if (consumes(piece, char)) next.push(state + 1)
    }
    if (next.length === 0) return false
    states = reach(pieces, next)
  }
  return states.has(pieces.length)
}

/** Adds the places that can be reached without taking a character. */
function reach(pieces: readonly Piece[], start: readonly number[]): ReadonlySet<number> {
  const states = new Set<number>()
  const pending = [...start]
  for (let state = pending.pop(); state !== undefined; state = pending.pop()) {
    if (states.has(state)) continue
    states.add(state)
    const kind = pieces[state]?.kind
    if (kind === 'star' || kind === 'rest') pending.push(state + 1)
    if (kind === 'dirs') pending.push(state + 1, state + 2)
  }
  return states
}

function consumes(piece: Piece, char: string): boolean {
  if (piece.kind === 'char') return piece.char === char
  if (piece.kind === 'class') return inClass(piece, char)
  return piece.kind === 'any' && char !== '/'
}
