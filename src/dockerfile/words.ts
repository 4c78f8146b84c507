import { isBlankAt, isSpaceAt } from './whitespace.ts'

/** A piece of a joined line: its text and where it stands there. */
export type Token = { readonly text: string; readonly start: number; readonly end: number }

/** Words split at blanks, quotes meaning nothing: FROM, EXPOSE, COPY, ADD, VOLUME. */
export function blankSeparated(text: string, start: number, end: number): Token[] {
  const tokens: Token[] = []
  let at = start
  while (at < end) {
    while (at < end && isBlankAt(text, at)) at += 1
    const from = at
    while (at < end && !isBlankAt(text, at)) at += 1
    if (at > from) tokens.push({ text: text.slice(from, at), start: from, end: at })
  }
  return tokens
}

/**
 * Words split at white space outside quotes; quotes and escapes stay in the words: ARG, ENV, LABEL. An escape character
 * protects the next one, except between single quotes; one at the very end is dropped.
 */
export function quotedWords(text: string, start: number, end: number, escapeUnit: string): Token[] {
  const tokens: Token[] = []
  let at = start
  while (at < end) {
    while (at < end && isSpaceAt(text, at)) at += 1
    if (at >= end) break
    const word = quotedWord(text, at, end, escapeUnit)
    if (word.text !== '') tokens.push(word)
    at = word.end
  }
  return tokens
}

function quotedWord(text: string, start: number, end: number, escapeUnit: string): Token {
  let quote: string | null = null
  let at = start
  for (; at < end; at++) {
    if (quote === null && isSpaceAt(text, at)) break
    const unit = text.charAt(at)
    if (unit === escapeUnit && quote !== "'") {
      if (at + 1 === end) return { text: text.slice(start, at), start, end }
      // The protected character is part of the word whatever it is; a surrogate pair has no special half.
      at += 1
    } else if (quote === null && (unit === "'" || unit === '"')) quote = unit
    else if (unit === quote) quote = null
  }
  return { text: text.slice(start, at), start, end: at }
}

/** `--name[=value]` words at the start of the arguments, quotes and backslashes removed. */
export function leadingFlags(
  text: string,
  start: number,
  end: number,
): { flags: Token[]; rest: number } {
  const flags: Token[] = []
  let at = start
  while (at < end) {
    while (at < end && isSpaceAt(text, at)) at += 1
    if (!text.startsWith('--', at) || at + 1 >= end) return { flags, rest: at }
    const flag = flagWord(text, at, end)
    at = flag.end
    if (flag.text === '--') return { flags, rest: at }
    flags.push(flag)
  }
  return { flags, rest: end }
}

function flagWord(text: string, start: number, end: number): Token {
  const parts: string[] = []
  let quote: string | null = null
  let at = start
  for (; at < end; at++) {
    if (quote === null && isSpaceAt(text, at)) break
    let unit = text.charAt(at)
    if (quote === null && (unit === "'" || unit === '"')) {
      quote = unit
      continue
    }
    if (unit === quote) {
      quote = null
      continue
    }
    if (unit === '\\') {
      if (at + 1 === end) continue
      at += 1
      unit = text[at] ?? ''
    }
    parts.push(unit)
  }
  return { text: parts.join(''), start, end: at }
}

/**
 * The strings of a JSON array that takes up the whole of `[start, end)`. `not-json`: the text is then the shell form.
 * `not-strings`: a valid array with something else in it, which no instruction accepts.
 */
export function jsonStrings(
  text: string,
  start: number,
  end: number,
): Token[] | 'not-json' | 'not-strings' {
  if (text[start] !== '[') return 'not-json'
  let value: unknown
  try {
    value = JSON.parse(text.slice(start, end))
  } catch {
    return 'not-json'
  }
  if (!Array.isArray(value) || !value.every((item) => typeof item === 'string'))
    return 'not-strings'
  const strings: readonly string[] = value
  const places = text.slice(start, end).matchAll(/"(?:[^"\\]|\\.)*"/g)
  return strings.map((item) => {
    const place = places.next().value
    const from = start + (place?.index ?? 0)
    return { text: wellFormed(item), start: from, end: from + (place?.[0].length ?? 0) }
  })
}

/** `"\ud800"` alone is no character: Go's decoder makes it U+FFFD. */
function wellFormed(text: string): string {
  return text.replace(/[\ud800-\udfff]/gu, '\ufffd')
}
