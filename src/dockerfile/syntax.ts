import type { Range } from '../base/index.ts'
import { type LogicalLine, rangeInFile } from './logical-line.ts'
import { isBlankAt, trimmed } from './whitespace.ts'
import { blankSeparated, jsonStrings, leadingFlags, quotedWords, type Token } from './words.ts'

/**
 * One instruction split as BuildKit's parser splits it, before anyone asks whether the arguments make sense. All
 * offsets are in `line.text`.
 */
export type SyntaxNode = {
  readonly line: LogicalLine
  readonly keyword: Token
  /** The keyword in lower case. */
  readonly name: string
  readonly flags: readonly Token[]
  /** Everything after keyword and flags. */
  readonly rest: Token
  readonly args: readonly Token[]
  /** The arguments are a JSON array. */
  readonly json: boolean
  /** ENV and LABEL: name and value of each pair; the value of the old `ENV name value` form is the rest of the line. */
  readonly pairs: readonly Pair[]
  readonly legacy: boolean
  /** ONBUILD: the instruction in it. */
  readonly nested: SyntaxNode | null
  /** What BuildKit's parser would refuse. */
  readonly problem: Problem | null
}

export type Pair = { readonly key: string; readonly value: string; readonly word: Token }

export type Problem = {
  readonly code: string
  readonly message: string
  readonly at: Token
  readonly hint?: string
}

type Split = Partial<Pick<SyntaxNode, 'args' | 'json' | 'pairs' | 'legacy' | 'nested' | 'problem'>>

/** Splits the instruction in `[start, end)` of a joined line. */
export function syntaxOf(
  line: LogicalLine,
  escapeUnit: string,
  start = 0,
  end: number = line.text.length,
): SyntaxNode {
  const { text } = line
  const bounds = trimmed(text, start, end)
  let at = bounds.start
  while (at < bounds.end && !isBlankAt(text, at)) at += 1
  const keyword = { text: text.slice(bounds.start, at), start: bounds.start, end: at }
  const name = keyword.text.toLowerCase()
  const { flags, rest: after } = leadingFlags(text, at, bounds.end)
  const place = trimmed(text, after, bounds.end)
  const rest = { text: text.slice(place.start, place.end), start: place.start, end: place.end }
  const split = splitters.get(name)?.(rest, line, escapeUnit) ?? {}
  // One literal: spreading objects is several times slower in a process that has just started.
  return {
    line,
    keyword,
    name,
    flags,
    rest,
    args: split.args ?? none,
    json: split.json ?? false,
    pairs: split.pairs ?? none,
    legacy: split.legacy ?? false,
    nested: split.nested ?? null,
    problem: split.problem ?? null,
  }
}

const none: readonly never[] = []

/** The place in the file of a token of the node's line. */
export function fileRange(node: SyntaxNode, token: Token): Range {
  return rangeInFile(node.line, token.start, token.end)
}

type Splitter = (rest: Token, line: LogicalLine, escapeUnit: string) => Split

const splitters: ReadonlyMap<string, Splitter> = new Map(
  Object.entries<Splitter>({
    add: jsonOrWords,
    arg: (rest, line, escapeUnit) => ({
      args: quotedWords(line.text, rest.start, rest.end, escapeUnit),
    }),
    cmd: jsonOrText,
    copy: jsonOrWords,
    entrypoint: jsonOrText,
    env: (rest, line, escapeUnit) => pairs(rest, line, escapeUnit, 'ENV'),
    expose: words,
    from: words,
    healthcheck: typeAndCommand,
    label: (rest, line, escapeUnit) => pairs(rest, line, escapeUnit, 'LABEL'),
    maintainer: wholeText,
    onbuild: nestedInstruction,
    run: jsonOrText,
    shell: jsonOrText,
    stopsignal: wholeText,
    user: wholeText,
    volume: jsonOrWords,
    workdir: wholeText,
  }),
)

/** The keywords of the language, in lower case. */
export const keywords: readonly string[] = [...splitters.keys()]

function wholeText(rest: Token): Split {
  return { args: rest.text === '' ? [] : [rest] }
}

function words(rest: Token, line: LogicalLine): Split {
  return { args: blankSeparated(line.text, rest.start, rest.end) }
}

function jsonOr(rest: Token, line: LogicalLine, otherwise: () => Split): Split {
  const strings = jsonStrings(line.text, rest.start, rest.end)
  if (strings === 'not-json') return otherwise()
  if (strings !== 'not-strings') return { args: strings, json: true }
  return {
    problem: {
      code: 'BAD_JSON',
      message: 'when using JSON array syntax, arrays must be comprised of strings only',
      at: rest,
      hint: 'Put every element in double quotes.',
    },
  }
}

function jsonOrText(rest: Token, line: LogicalLine): Split {
  return jsonOr(rest, line, () => wholeText(rest))
}

function jsonOrWords(rest: Token, line: LogicalLine): Split {
  return jsonOr(rest, line, () => words(rest, line))
}

function typeAndCommand(rest: Token, line: LogicalLine): Split {
  let at = rest.start
  const { text } = line
  while (at < rest.end && !/\s/.test(text[at] ?? '')) at += 1
  if (at === rest.start) return {}
  const type = { text: text.slice(rest.start, at), start: rest.start, end: at }
  const place = trimmed(text, at, rest.end)
  const split = jsonOrText({ text: text.slice(place.start, place.end), ...place }, line)
  return { ...split, args: [type, ...(split.args ?? [])] }
}

/** A first word without `=` makes it the old form: one name, and all the rest is the value. */
function pairs(rest: Token, line: LogicalLine, escapeUnit: string, keyword: string): Split {
  const tokens = quotedWords(line.text, rest.start, rest.end, escapeUnit)
  const first = tokens[0]
  if (!first) return {}
  if (!first.text.includes('=')) return legacyPair(rest, keyword)
  const bad = tokens.find((token) => !token.text.includes('='))
  if (bad)
    return {
      problem: {
        code: 'BAD_KEY_VALUE',
        message: `Syntax error - can't find = in ${JSON.stringify(bad.text)}. Must be of the form: name=value`,
        at: bad,
        hint: 'Quote a value that has blanks in it.',
      },
    }
  return {
    pairs: tokens.map((word) => {
      const equals = word.text.indexOf('=')
      return { key: word.text.slice(0, equals), value: word.text.slice(equals + 1), word }
    }),
  }
}

function legacyPair(rest: Token, keyword: string): Split {
  const match = /^([^\t\v\f\r ]+)[\t\v\f\r ]+(.*)$/s.exec(rest.text)
  const key = match?.[1]
  const value = match?.[2]
  if (key === undefined || value === undefined)
    return {
      problem: {
        code: 'MISSING_ARGUMENT',
        message: `${keyword} must have two arguments`,
        at: rest,
        hint: `Write ${keyword} ${rest.text}=value.`,
      },
    }
  return { pairs: [{ key, value, word: rest }], legacy: true }
}

/** ONBUILD ONBUILD is refused later and not looked into: nesting would be unbounded. */
function nestedInstruction(rest: Token, line: LogicalLine, escapeUnit: string): Split {
  if (rest.text === '') return {}
  if (/^onbuild(?:\s|$)/i.test(rest.text)) return { args: [rest] }
  const nested = syntaxOf(line, escapeUnit, rest.start, rest.end)
  return { args: [rest], nested, problem: nested.problem }
}
