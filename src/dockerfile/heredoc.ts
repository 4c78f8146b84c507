import { lexWord } from './lexer.ts'
import { physicalLine } from './logical-line.ts'
import type { Heredoc } from './types.ts'

/** What a word like `3<<-"EOF"` says, before its body is read. */
export type HeredocMark = Omit<Heredoc, 'content' | 'range'>

const nothing = (): undefined => undefined

/**
 * The heredoc that a word starts, or null when it starts none (`<<<x`, `"<<EOF"`, `<<`). This is how the `<<EOF` among
 * the sources of a COPY is matched with `heredocs`, and how a RUN that is nothing but a heredoc is told.
 */
export function parseHeredocWord(word: string): HeredocMark | null {
  const match = /^(\d*)<<(-?)\s*([^<]*)$/.exec(word)
  const name = match?.[3]
  if (!match || name === undefined || name === '') return null
  const plain = lexWord(name, { escape: '\\', lookup: nothing, keepUnset: true })
  const raw = lexWord(name, { escape: '\\', lookup: nothing, keepUnset: true, keepQuotes: true })
  const delimiter = plain.words[0]
  if (plain.words.length !== 1 || raw.words.length !== 1 || delimiter === undefined) return null
  return {
    name: delimiter,
    // An escaped quote is in both, a quote that quotes only in the raw one.
    expand: quotes(delimiter) === quotes(raw.words[0] ?? ''),
    stripTabs: match[2] === '-',
    fileDescriptor: Number(match[1]),
  }
}

function quotes(text: string): number {
  return text.split(/['"]/).length - 1
}

/** The heredocs that a joined line starts, in order; none when its quotes do not match. */
export function heredocMarks(line: string): HeredocMark[] {
  if (!line.includes('<<')) return []
  const options = { escape: '\\', keepQuotes: true, keepEscapes: true, keepUnset: true }
  const { words } = lexWord(line, { ...options, lookup: nothing })
  return words.map(parseHeredocWord).filter((mark) => mark !== null)
}

/** Reads a body that starts at `start`; `terminated` is false when the file ends first. */
export function readHeredoc(
  text: string,
  start: number,
  mark: HeredocMark,
): { heredoc: Heredoc; end: number; next: number; terminated: boolean } {
  let at = start
  while (at < text.length) {
    const line = physicalLine(text, at)
    const content = text.slice(line.start, line.end)
    if ((mark.stripTabs ? content.replace(/^\t+/, '') : content) === mark.name)
      return {
        heredoc: body(text, start, line.start, mark),
        end: line.end,
        next: line.next,
        terminated: true,
      }
    at = line.next
  }
  return { heredoc: body(text, start, at, mark), end: at, next: at, terminated: false }
}

function body(text: string, start: number, end: number, mark: HeredocMark): Heredoc {
  const raw = text.slice(start, end)
  const content = mark.stripTabs ? raw.replace(/(^|\n)\t+/g, '$1') : raw
  return { ...mark, content, range: { start, end } }
}
