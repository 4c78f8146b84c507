type Token = { readonly kind: 'star' | 'any' } | { readonly kind: 'rune'; readonly rune: string }

/**
 * Removes the shortest or longest match of a shell pattern (`*`, `?`, backslash before `*?\/}`) from one end of the
 * value; null when the pattern has another escape. `*` and `?` do not match a line break, as in BuildKit.
 * Runs in |value| × |pattern| steps, whatever the pattern.
 */
export function trimPattern(
  value: string,
  pattern: string,
  options: { readonly end: 'start' | 'end'; readonly longest: boolean },
): string | null {
  const tokens = compile(pattern)
  if (tokens === null) return null
  const runes = Array.from(value)
  if (options.end === 'start') {
    const length = matchLength(runes, 0, tokens, options.longest)
    return length === null ? value : runes.slice(length).join('')
  }
  const length = matchLength(runes.reverse(), 0, tokens.reverse(), options.longest)
  return length === null ? value : runes.slice(length).reverse().join('')
}

/**
 * Replaces the first or every leftmost longest match of the pattern; null when the pattern has a wrong escape. Takes
 * |value| × |pattern| steps, too: where the star and what follows failed once, they fail to the end of the line.
 */
export function replacePattern(
  value: string,
  pattern: string,
  options: { readonly replacement: string; readonly all: boolean },
): string | null {
  const tokens = compile(pattern)
  if (tokens === null) return null
  const runes = Array.from(value)
  const out: string[] = []
  let at = 0
  // An empty match next to a match does not count (Go's regexp, "All").
  let lastEnd = -1
  const fixed = tokens.findIndex(({ kind }) => kind === 'star')
  let hopelessTo = -1
  while (at <= runes.length) {
    const hopeless = fixed >= 0 && at + fixed <= hopelessTo
    const length = hopeless ? null : matchLength(runes, at, tokens, true)
    if (length === null && !hopeless && fixed >= 0 && startsHere(runes, at, tokens.slice(0, fixed)))
      hopelessTo = lineEnd(runes, at + fixed)
    if (length !== null && !(length === 0 && at === lastEnd)) {
      out.push(options.replacement)
      lastEnd = at + length
      if (!options.all) return out.join('') + runes.slice(lastEnd).join('')
      if (length > 0) {
        at = lastEnd
        continue
      }
    }
    const rune = runes[at]
    if (rune !== undefined) out.push(rune)
    at += 1
  }
  return out.join('')
}

function startsHere(runes: readonly string[], at: number, tokens: readonly Token[]): boolean {
  return tokens.length === 0 || (at < runes.length && matchLength(runes, at, tokens, true) !== null)
}

function lineEnd(runes: readonly string[], from: number): number {
  const feed = runes.indexOf('\n', from)
  return feed < 0 ? runes.length : feed
}

function compile(pattern: string): Token[] | null {
  const tokens: Token[] = []
  const runes = Array.from(pattern)
  for (let at = 0; at < runes.length; at++) {
    const rune = runes[at] ?? ''
    if (rune === '*') {
      if (tokens.at(-1)?.kind !== 'star') tokens.push({ kind: 'star' })
    } else if (rune === '?') tokens.push({ kind: 'any' })
    else if (rune === '\\') {
      at += 1
      const escaped = runes[at]
      if (escaped === undefined || !'*?\\/}'.includes(escaped)) return null
      tokens.push({ kind: 'rune', rune: escaped })
    } else tokens.push({ kind: 'rune', rune })
  }
  return tokens
}

/** Length of the shortest or longest match that starts at `from`: all positions are followed at once. */
function matchLength(
  runes: readonly string[],
  from: number,
  tokens: readonly Token[],
  longest: boolean,
): number | null {
  let active = closure([0], tokens)
  let found: number | null = null
  for (let at = from; ; at++) {
    if (active.includes(tokens.length)) {
      found = at - from
      if (!longest) return found
    }
    const rune = runes[at]
    if (rune === undefined || active.length === 0) return found
    active = closure(advance(active, tokens, rune), tokens)
  }
}

function advance(active: readonly number[], tokens: readonly Token[], rune: string): number[] {
  const next: number[] = []
  for (const state of active) {
    const token = tokens[state]
    if (token === undefined) continue
    if (token.kind === 'rune' ? token.rune === rune : rune !== '\n')
      next.push(token.kind === 'star' ? state : state + 1)
  }
  return next
}

/** A star may match nothing: the state after it is active as well. States stay sorted and distinct. */
function closure(states: readonly number[], tokens: readonly Token[]): number[] {
  const out: number[] = []
  for (const state of states) {
    if (state <= (out.at(-1) ?? -1)) continue
    out.push(state)
    if (tokens[state]?.kind === 'star') out.push(state + 1)
  }
  return out
}
