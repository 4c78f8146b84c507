import { replacePattern, trimPattern } from './pattern.ts'
import { variableNameAt } from './variable-name.ts'
import { isSpace } from './whitespace.ts'
import { wordCollector } from './word-collector.ts'

/** The value of a variable, undefined when it is not set. */
export type Lookup = (name: string) => string | undefined

export type LexOptions = {
  readonly escape: string
  readonly lookup: Lookup
  /** Quotes have their meaning and stay in the result. */
  readonly keepQuotes?: boolean
  /** Escape characters have their meaning and stay in the result. */
  readonly keepEscapes?: boolean
  /** References to unset variables stay as written. */
  readonly keepUnset?: boolean
  /** Quotes are ordinary characters. */
  readonly literalQuotes?: boolean
}

export type Lexed = {
  readonly value: string
  readonly words: readonly string[]
  readonly used: readonly string[]
  readonly unset: readonly string[]
  readonly error?: string
}

type State = {
  readonly text: string
  readonly options: LexOptions
  readonly used: Set<string>
  readonly unset: Set<string>
  at: number
  depth: number
  rawEscapes: boolean
  /** Characters that variables brought in so far. */
  substituted: number
  error: string | null
}

/** Go has no such limit; without one a hostile `${a:-${a:-…` would exhaust the stack. */
const deepest = 400

/** Eight times what Linux lets one argument be. */
const maxSubstituted = 1024 * 1024

/**
 * BuildKit's shell lexer (frontend/dockerfile/shell): quotes, escapes and variables of one text, giving the text as one
 * value and as the words it splits into. Not a shell: no globs, no commands, no braces.
 */
export function lexWord(text: string, options: LexOptions): Lexed {
  const state: State = {
    text,
    options,
    used: new Set(),
    unset: new Set(),
    at: 0,
    depth: 0,
    rawEscapes: options.keepEscapes === true,
    substituted: 0,
    error: null,
  }
  const run = lexUntil(state, null)
  const names = { used: [...state.used], unset: [...state.unset] }
  if (run === null || state.error !== null)
    return { value: '', words: [], ...names, error: state.error ?? 'bad word' }
  return { ...run, ...names }
}

type Run = { readonly value: string; readonly words: readonly string[] }

/** Reads up to `stop`, which is consumed, or to the end of the text when `stop` is null. */
function lexUntil(state: State, stop: string | null): Run | null {
  const { text, options } = state
  const parts: string[] = []
  const words = wordCollector()
  while (state.at < text.length) {
    const unit = text[state.at] ?? ''
    if (unit === stop) {
      state.at += 1
      return { value: parts.join(''), words: words.all() }
    }
    if (unit === options.escape) {
      state.at += 1
      if (state.rawEscapes) {
        parts.push(unit)
        words.addQuoted(unit)
      }
      const protectedUnit = text[state.at]
      if (protectedUnit === undefined) break
      state.at += 1
      parts.push(protectedUnit)
      words.addQuoted(protectedUnit)
      continue
    }
    const piece = special(state, unit)
    if (piece === null) return null
    parts.push(piece.text)
    if (piece.splits) words.add(piece.text)
    else words.addQuoted(piece.text)
  }
  if (stop !== null)
    return fail(state, `unexpected end of statement while looking for matching ${stop}`)
  return { value: parts.join(''), words: words.all() }
}

/** The next piece at `unit`: a quoted string, a variable, a heredoc mark or one plain character. */
function special(state: State, unit: string): { text: string; splits: boolean } | null {
  if (unit === '$') return piece(dollar(state), true)
  if (unit === '<') return piece(heredocMark(state), false)
  if (state.options.literalQuotes !== true) {
    if (unit === "'") return piece(singleQuoted(state), false)
    if (unit === '"') return piece(doubleQuoted(state), false)
  }
  state.at += 1
  return { text: unit, splits: true }
}

function piece(text: string | null, splits: boolean): { text: string; splits: boolean } | null {
  return text === null ? null : { text, splits }
}

/** `<<` takes the blanks after it into the word, so that `<< EOF` is one word. */
function heredocMark(state: State): string {
  const from = state.at
  state.at += 1
  if (state.text[state.at] !== '<') return '<'
  state.at += 1
  while (isSpace(state.text[state.at])) state.at += 1
  return state.text.slice(from, state.at)
}

function singleQuoted(state: State): string | null {
  const end = state.text.indexOf("'", state.at + 1)
  if (end < 0) {
    state.at = state.text.length
    return fail(state, 'unexpected end of statement while looking for matching single-quote')
  }
  const inner = state.text.slice(state.at + 1, end)
  state.at = end + 1
  return state.options.keepQuotes === true ? `'${inner}'` : inner
}

function doubleQuoted(state: State): string | null {
  const { text, options } = state
  const quote = options.keepQuotes === true ? '"' : ''
  const parts: string[] = [quote]
  state.at += 1
  while (state.at < text.length) {
    const unit = text[state.at] ?? ''
    if (unit === '"') {
      state.at += 1
      return parts.join('') + quote
    }
    if (unit === '$') {
      const value = dollar(state)
      if (value === null) return null
      parts.push(value)
      continue
    }
    state.at += 1
    if (unit !== options.escape) {
      parts.push(unit)
      continue
    }
    if (state.rawEscapes) parts.push(unit)
    const next = text[state.at]
    if (next === undefined) break
    const escapes = next === '"' || next === '$' || next === options.escape
    if (escapes) state.at += 1
    parts.push(escapes ? next : unit)
  }
  return fail(state, 'unexpected end of statement while looking for matching double-quote')
}

function dollar(state: State): string | null {
  state.at += 1
  if (state.text[state.at] !== '{') {
    const name = takeName(state)
    if (name === '') return '$'
    const value = read(state, name)
    return value ?? (state.options.keepUnset === true ? `$${name}` : '')
  }
  state.at += 1
  const first = state.text[state.at]
  if (first === undefined) return fail(state, "syntax error: missing '}'")
  if (first === '{' || first === '}' || first === ':')
    return fail(state, 'syntax error: bad substitution')
  const name = takeName(state)
  const operator = state.text[state.at]
  if (operator === '}') {
    state.at += 1
    const value = read(state, name)
    return value ?? (state.options.keepUnset === true ? `\${${name}}` : '')
  }
  if (operator === undefined) return fail(state, 'unsupported modifier () in substitution')
  if (state.depth >= deepest) return fail(state, 'substitution is nested too deeply')
  state.depth += 1
  const value = operator === '/' ? replacement(state, name) : modified(state, name)
  state.depth -= 1
  return value
}

/** `${name<operator>operand}` for every operator but `/`. */
function modified(state: State, name: string): string | null {
  const from = state.at
  const colon = state.text[state.at] === ':'
  if (colon) state.at += 1
  const operator = state.text[state.at] ?? ''
  state.at += operator.length
  const written = state.text.slice(from, state.at)
  if (!colon && !'+-?#%'.includes(operator))
    return fail(state, `unsupported modifier (${written}) in substitution`)
  const operand = operandUntil(state, '}', operator === '#' || operator === '%')
  if (operand === null) return null
  const value = read(state, name)
  if (value === undefined && state.options.keepUnset === true)
    return `\${${name}${written}${operand}}`
  const missing = value === undefined || (colon && value === '')
  if (operator === '-') return missing ? operand : (value ?? '')
  if (operator === '+') return missing ? '' : operand
  if (operator === '?') {
    if (!missing) return value ?? ''
    const lack = value === undefined ? 'unset' : 'empty'
    return fail(state, `${name}: ${operand === '' ? `is not allowed to be ${lack}` : operand}`)
  }
  if (operator === '#' || operator === '%')
    return trimmedValue(state, operator, operand, value ?? '')
  return fail(state, `unsupported modifier (${written}) in substitution`)
}

function trimmedValue(
  state: State,
  operator: '#' | '%',
  operand: string,
  value: string,
): string | null {
  const longest = operand.startsWith(operator)
  const pattern = longest ? operand.slice(1) : operand
  const result = trimPattern(value, pattern, { end: operator === '#' ? 'start' : 'end', longest })
  return result ?? fail(state, `invalid pattern (${pattern}) in substitution`)
}

/** `${name/pattern/replacement}`, `${name//pattern/replacement}`. */
function replacement(state: State, name: string): string | null {
  state.at += 1
  const all = state.text[state.at] === '/'
  if (all) state.at += 1
  const pattern = operandUntil(state, '/', true)
  if (pattern === null) return null
  const text = operandUntil(state, '}', true)
  if (text === null) return null
  const value = read(state, name)
  if (value === undefined && state.options.keepUnset === true)
    return `\${${name}/${pattern}/${text}}`
  const result = replacePattern(value ?? '', pattern, { replacement: text, all })
  return result ?? fail(state, `invalid pattern (${pattern}) in substitution`)
}

function operandUntil(state: State, stop: '}' | '/', rawEscapes: boolean): string | null {
  const outer = state.rawEscapes
  state.rawEscapes = rawEscapes
  const run = lexUntil(state, stop)
  state.rawEscapes = outer
  if (run !== null) return run.value
  if (state.at < state.text.length) return null
  state.error =
    stop === '/' ? 'syntax error: missing / in substitution' : "syntax error: missing '}'"
  return null
}

function takeName(state: State): string {
  const name = variableNameAt(state.text, state.at)
  state.at += name.length
  return name
}

function read(state: State, name: string): string | undefined {
  const value = state.options.lookup(name)
  if (value === undefined) state.unset.add(name)
  else state.used.add(name)
  // `ENV A=$A$A` a few dozen times would fill any memory; no program takes an environment of this size.
  state.substituted += value?.length ?? 0
  if (state.substituted > maxSubstituted) {
    state.error = `the value grows beyond ${maxSubstituted} characters`
    return undefined
  }
  return value
}

function fail(state: State, message: string): null {
  state.error = message
  return null
}
