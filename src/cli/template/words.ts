import { badTemplate } from './bad.ts'

/** One word inside `{{ }}`. `field` is a chain (`.A.B`; `.` alone is the value itself), `glued` to the word before it. */
export type Word =
  | { readonly kind: 'field'; readonly path: readonly string[]; readonly glued: boolean }
  | { readonly kind: 'variable'; readonly name: string }
  | { readonly kind: 'name'; readonly name: string }
  | { readonly kind: 'literal'; readonly value: unknown }
  | { readonly kind: 'sign'; readonly sign: string }

/** Text and actions of a template, trimmed as `{{-` and `-}}` ask. */
export type Piece =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'action'; readonly words: readonly Word[] }

/** Splits a Go template into text and actions. @throws Fault USAGE */
export function splitTemplate(template: string): readonly Piece[] {
  const pieces: Piece[] = []
  let at = 0
  let trim = false
  while (at < template.length) {
    const open = template.indexOf('{{', at)
    const text = template.slice(at, open < 0 ? undefined : open)
    const inner = open < 0 ? undefined : actionAt(template, open)
    const begun = trim ? text.trimStart() : text
    const shown = inner?.trimBefore ? begun.trimEnd() : begun
    if (shown !== '') pieces.push({ kind: 'text', text: shown })
    if (!inner) break
    if (!/^\/\*.*\*\/$/s.test(inner.text))
      pieces.push({ kind: 'action', words: wordsOf(inner.text, template) })
    trim = inner.trimAfter
    at = inner.end
  }
  return pieces
}

type Action = {
  readonly text: string
  readonly end: number
  readonly trimBefore: boolean
  readonly trimAfter: boolean
}

/** The end of an action is the first `}}` that is not inside a string. */
function actionAt(template: string, open: number): Action {
  const rest = template.slice(open + 2)
  const match = /^(-(?=\s))?((?:"(?:[^"\\]|\\.)*"|`[^`]*`|(?!\}\})[^"`])*?)(\s-)?\}\}/s.exec(rest)
  if (!match) throw badTemplate(template, 'an action is not closed with }}')
  return {
    text: (match[2] ?? '').trim(),
    end: open + 2 + match[0].length,
    trimBefore: match[1] !== undefined,
    trimAfter: match[3] !== undefined,
  }
}

const word =
  /\s*(?:((?:\.\w+)+|\.)|\$(\w*)|("(?:[^"\\]|\\.)*"|`[^`]*`)|(-?\d+(?:\.\d+)?)(?![\w.])|([a-zA-Z_]\w*)|(:=|[=|(),]))/y

function wordsOf(text: string, template: string): readonly Word[] {
  const words: Word[] = []
  let at = 0
  while (at < text.length) {
    word.lastIndex = at
    const match = word.exec(text)
    if (!match) throw badTemplate(template, `it cannot be read from ${text.slice(at)} on`)
    words.push(wordOf(match, template))
    at = word.lastIndex
  }
  return words
}

function wordOf(match: RegExpExecArray, template: string): Word {
  const [all, field, variable, string, number, name, sign] = match
  if (field !== undefined) {
    const path = field.split('.').filter(Boolean)
    return { kind: 'field', path, glued: !/^\s/.test(all) && match.index > 0 }
  }
  if (variable !== undefined) return { kind: 'variable', name: variable }
  if (string !== undefined) return { kind: 'literal', value: unquoted(string, template) }
  if (number !== undefined) return { kind: 'literal', value: Number(number) }
  if (name === 'true' || name === 'false') return { kind: 'literal', value: name === 'true' }
  if (name === 'nil') return { kind: 'literal', value: null }
  if (name !== undefined) return { kind: 'name', name }
  return { kind: 'sign', sign: sign ?? '' }
}

/** Go's interpreted strings, as far as they are JSON's, and its raw ones. */
function unquoted(text: string, template: string): string {
  if (text.startsWith('`')) return text.slice(1, -1)
  try {
    return String(JSON.parse(text.replaceAll('\t', '\\t')))
  } catch (cause) {
    throw badTemplate(template, `${text} is no string`, cause)
  }
}
