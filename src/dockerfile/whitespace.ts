// Unicode White_Space, as Go's unicode.IsSpace: JavaScript's \s lacks U+0085 and adds U+FEFF.
const space = /[\t-\r \u0085\u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]/

/** True for one UTF-16 unit that BuildKit takes as white space. */
export function isSpace(unit: string | undefined): boolean {
  return unit !== undefined && space.test(unit)
}

/** The offsets `[start, end)` without the white space at both ends. */
export function trimmed(text: string, start: number, end: number): { start: number; end: number } {
  let from = start
  let to = end
  while (from < to && isSpace(text[from])) from += 1
  while (to > from && isSpace(text[to - 1])) to -= 1
  return { start: from, end: to }
}

/** True for the narrower class that separates a keyword and its words: `[\t\v\f\r ]`. */
export function isBlank(unit: string | undefined): boolean {
  return unit === ' ' || unit === '\t' || unit === '\v' || unit === '\f' || unit === '\r'
}
