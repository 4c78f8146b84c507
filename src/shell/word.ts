import type { ArrayValue, Assignment, Redirection, Word, WordPart } from 'unbash'
import type { Range } from '../base/index.ts'
import type { ShellAssignment, ShellRedirect, ShellWord } from './types.ts'

/** Offsets of the parser to offsets of the whole text. */
export type Place = (node: { readonly pos: number; readonly end: number }) => Range

/** How words of a text are read. */
export type Reading = {
  readonly place: Place
  /** The lines of the text were joined before the shell saw it: continuations vanish between single quotes too. */
  readonly joined: boolean
}

export function wordOf(word: Word | Assignment, reading: Reading): ShellWord {
  const text = word.text
  const range = reading.place(word)
  if (word.type === 'Assignment') {
    const value = assignedValue(word, reading)
    return {
      text,
      value: value === null ? null : `${word.name}${word.append === true ? '+=' : '='}${value}`,
      glob: false,
      range,
    }
  }
  const parts = word.parts ?? []
  const literal = parts.every(isLiteral)
  return { text, value: literal ? plain(word, reading) : null, glob: parts.some(isGlob), range }
}

function isGlob(part: WordPart): boolean {
  return part.type === 'Glob' || part.type === 'ExtendedGlob'
}

/** Nothing in it that the running shell would replace. */
function isLiteral(part: WordPart): boolean {
  switch (part.type) {
    case 'Literal':
    case 'SingleQuoted':
    case 'AnsiCQuoted':
      return true
    case 'Glob':
    case 'ExtendedGlob':
      return (part.parts ?? []).every(isLiteral)
    case 'DoubleQuoted':
    case 'LocaleString':
      return part.parts.every(isLiteral)
    default:
      return false
  }
}

function plain({ value }: Word, { joined }: Reading): string {
  return joined ? value.replaceAll('\\\n', '') : value
}

export function assignmentOf(assignment: Assignment, reading: Reading): ShellAssignment {
  const value = assignedValue(assignment, reading)
  return { name: assignment.name, value, range: reading.place(assignment) }
}

function assignedValue({ value }: Assignment, reading: Reading): string | null {
  return isArray(value) || !(value.parts ?? []).every(isLiteral) ? null : plain(value, reading)
}

function isArray(value: Word | ArrayValue): value is ArrayValue {
  return value.type === 'ArrayValue'
}

export function redirectOf(redirect: Redirection, reading: Reading): ShellRedirect {
  const { operator } = redirect
  const range = reading.place(redirect)
  if (redirect.type === 'HereDoc')
    return { operator, target: null, heredoc: redirect.body.text, range }
  const target = redirect.target ? wordOf(redirect.target, reading) : null
  return { operator, target, heredoc: null, range }
}
