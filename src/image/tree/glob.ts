import { Fault } from '../../base/index.ts'

/** One piece of a glob. Ranges are code points, both ends included. */
export type GlobToken =
  | { readonly kind: 'char'; readonly char: string }
  | { readonly kind: 'any' }
  | { readonly kind: 'star' }
  | {
      readonly kind: 'class'
      readonly negated: boolean
      readonly ranges: readonly (readonly [number, number])[]
    }

/**
 * Go's `filepath.Match` (Linux), which Docker uses for COPY and ADD: `*` and `?` stop at `/`, `[a-z]` and `[^a-z]`
 * are classes, a backslash takes the next character literally, `**` is two stars and crosses nothing.
 * The whole of `path` must match. Time is linear in pattern times path.
 * @throws Fault GLOB_INVALID
 */
export function globMatch(pattern: string, path: string): boolean {
  const tokens = parseGlob(pattern)
  if (!tokens)
    throw new Fault('GLOB_INVALID', `malformed pattern ${JSON.stringify(pattern)}`, {
      kind: 'invalid',
      hint: 'close every `[`; write a literal bracket as `[[]` and a literal backslash as two',
    })
  return matchTokens(tokens, [...path])
}

/** Whether a COPY source is a pattern: an unescaped `*`, `?` or `[` (fsutil's rule). */
export function hasGlob(pattern: string): boolean {
  return /[*?[]/.test(pattern.replace(/\\./gs, ''))
}

/** The pieces of a pattern, null when `filepath.Match` would report ErrBadPattern. */
export function parseGlob(pattern: string): readonly GlobToken[] | null {
  const chars = [...pattern]
  const tokens: GlobToken[] = []
  let at = 0
  while (at < chars.length) {
    const char = chars[at] ?? ''
    at += 1
    if (char === '*') tokens.push({ kind: 'star' })
    else if (char === '?') tokens.push({ kind: 'any' })
    else if (char === '[') {
      const parsed = parseClass(chars, at)
      if (!parsed) return null
      tokens.push(parsed.token)
      at = parsed.end
    } else if (char === '\\') {
      const escaped = chars[at]
      if (escaped === undefined) return null
      tokens.push({ kind: 'char', char: escaped })
      at += 1
    } else tokens.push({ kind: 'char', char })
  }
  return tokens
}

/** Whether a class holds one character. As in Go, a negated class holds `/` too. */
export function inClass(token: GlobToken & { kind: 'class' }, char: string): boolean {
  const point = char.codePointAt(0) ?? 0
  return token.ranges.some(([low, high]) => low <= point && point <= high) !== token.negated
}

function parseClass(
  chars: readonly string[],
  start: number,
): { readonly token: GlobToken; readonly end: number } | null {
  const negated = chars[start] === '^'
  let at = negated ? start + 1 : start
  const ranges: (readonly [number, number])[] = []
  while (chars[at] !== ']' || ranges.length === 0) {
    const low = classChar(chars, at)
    if (!low) return null
    at = low.end
    let high = low
    if (chars[at] === '-') {
      const upper = classChar(chars, at + 1)
      if (!upper) return null
      high = upper
      at = upper.end
    }
    ranges.push([low.point, high.point])
  }
  return { token: { kind: 'class', negated, ranges }, end: at + 1 }
}

/** A member of a class; bare `-` and `]` are malformed there, and so is a pattern that ends after it. */
function classChar(
  chars: readonly string[],
  start: number,
): { readonly point: number; readonly end: number } | null {
  const escaped = chars[start] === '\\'
  const char = chars[escaped ? start + 1 : start]
  if (char === undefined || (!escaped && (char === '-' || char === ']'))) return null
  const end = start + (escaped ? 2 : 1)
  return end >= chars.length ? null : { point: char.codePointAt(0) ?? 0, end }
}

/** Only the last star needs another try: whatever an earlier one could take, the last one can take as well. */
function matchTokens(tokens: readonly GlobToken[], text: readonly string[]): boolean {
  let token = 0
  let at = 0
  let retry: { readonly token: number; at: number } | null = null
  while (at < text.length || token < tokens.length) {
    const piece = tokens[token]
    const char = text[at]
    if (piece?.kind === 'star') {
      retry = { token: token + 1, at }
      token += 1
    } else if (piece && char !== undefined && takes(piece, char)) {
      token += 1
      at += 1
    } else {
      const skipped = retry ? text[retry.at] : undefined
      if (!retry || skipped === undefined || skipped === '/') return false
      retry.at += 1
      token = retry.token
      at = retry.at
    }
  }
  return true
}

function takes(piece: GlobToken, char: string): boolean {
  if (piece.kind === 'char') return piece.char === char
  if (piece.kind === 'class') return inClass(piece, char)
  return piece.kind === 'any' && char !== '/'
}
