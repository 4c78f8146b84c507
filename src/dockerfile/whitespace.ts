// Unicode White_Space, as Go's unicode.IsSpace: JavaScript's \s lacks U+0085 and adds U+FEFF.
const space = /[\t-\r \u0085\u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]/

/** True for one UTF-16 unit that BuildKit takes as white space. */
export function isSpace(unit: string | undefined): boolean {
  return unit !== undefined && isSpaceAt(unit, 0)
}

/** The same for the unit at an offset; every character of a file is asked, and nearly all are plain letters. */
export function isSpaceAt(text: string, at: number): boolean {
  const code = text.charCodeAt(at)
  if (code < 0x80) return code === 0x20 || (code >= 9 && code <= 13)
  return space.test(text.charAt(at))
}

/** The offsets `[start, end)` without the white space at both ends. */
export function trimmed(text: string, start: number, end: number): { start: number; end: number } {
  let from = start
  let to = end
  while (from < to && isSpaceAt(text, from)) from += 1
  while (to > from && isSpaceAt(text, to - 1)) to -= 1
  return { start: from, end: to }
}

/** True at an offset for the narrower class that separates a keyword and its words: `[\t\v\f\r ]`. */
export function isBlankAt(text: string, at: number): boolean {
  const code = text.charCodeAt(at)
  return code === 0x20 || (code >= 9 && code <= 13 && code !== 10)
}
