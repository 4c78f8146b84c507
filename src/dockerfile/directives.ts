import type { Diagnostic } from '../base/index.ts'
import { indentEnd, physicalLine } from './logical-line.ts'
import type { Directive } from './types.ts'

export type Directives = {
  readonly list: readonly Directive[]
  readonly escape: '\\' | '`'
  /** Where the first line after the directives starts. */
  readonly end: number
  readonly diagnostics: readonly Diagnostic[]
}

const known = ['escape', 'syntax', 'check']

/**
 * The parser directives: only at the very top (after a byte order mark), each once, and the first line that is none
 * ends them. An unknown `# name=value` is a comment.
 */
export function readDirectives(text: string): Directives {
  const list: Directive[] = []
  const diagnostics: Diagnostic[] = []
  let escapeUnit: '\\' | '`' = '\\'
  let at = text.startsWith('\ufeff') ? 1 : 0
  while (at < text.length) {
    const line = physicalLine(text, at)
    const start = indentEnd(text, line.start, line.end)
    const directive = directiveIn(text.slice(start, line.end), start)
    if (directive === null) break
    if (list.some((other) => other.name === directive.name))
      diagnostics.push(bad(directive, `only one ${directive.name} parser directive can be used`))
    else if (directive.name !== 'escape') list.push(directive)
    else if (directive.value === '\\' || directive.value === '`') {
      escapeUnit = directive.value
      list.push(directive)
    } else
      diagnostics.push(
        bad(directive, `invalid escape token '${directive.value}' does not match \` or \\`),
      )
    at = line.next
  }
  return { list, escape: escapeUnit, end: at, diagnostics }
}

function directiveIn(line: string, offset: number): Directive | null {
  const match = /^#\s*([a-zA-Z][a-zA-Z0-9]*)\s*=\s*(\S.*)$/s.exec(line)
  const name = match?.[1]?.toLowerCase()
  const value = match?.[2]?.trimEnd()
  if (name === undefined || value === undefined || !known.includes(name)) return null
  return { name, value, range: { start: offset, end: offset + line.length } }
}

function bad(directive: Directive, message: string): Diagnostic {
  return {
    code: 'BAD_DIRECTIVE',
    severity: 'error',
    message,
    range: directive.range,
    hint: 'Directives stand at the top of the file, each at most once: "# escape=`" or "# escape=\\".',
  }
}
