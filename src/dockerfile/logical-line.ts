import type { Range } from '../base/index.ts'
import { isSpaceAt } from './whitespace.ts'

/** One instruction's text with its continuations joined as BuildKit joins them, and where each part came from. */
export type LogicalLine = {
  readonly text: string
  readonly segments: readonly Segment[]
  /** Where the first physical line starts (its indentation skipped) and where the last one ends. */
  readonly range: Range
  /** Blank lines inside the continuation: BuildKit drops them and warns. */
  readonly blanks: readonly Range[]
}

/** `text` of the file from `file` on stands at `at` in the joined text. */
export type Segment = { readonly at: number; readonly file: number; readonly length: number }

/** A physical line without its line break (`\n`, `\r\n`); `next` is where the following one starts. */
export type PhysicalLine = { readonly start: number; readonly end: number; readonly next: number }

const carriageReturn = 13

export function physicalLine(text: string, start: number): PhysicalLine {
  const feed = text.indexOf('\n', start)
  let end = feed < 0 ? text.length : feed
  while (end > start && text.charCodeAt(end - 1) === carriageReturn) end -= 1
  return { start, end, next: feed < 0 ? text.length : feed + 1 }
}

/** The offset of the first character of `[start, end)` that is not white space. */
export function indentEnd(text: string, start: number, end: number): number {
  let at = start
  while (at < end && isSpaceAt(text, at)) at += 1
  return at
}

/**
 * Reads the instruction that starts at `first` (not a comment, not blank) and the lines it continues on. A line
 * continues when its last character but blanks is the escape character, and the one before is not: an escaped escape
 * ends the line. Comment and blank lines inside vanish; indentation of continued lines stays.
 */
export function joinLines(
  text: string,
  first: PhysicalLine,
  escapeUnit: string,
): { line: LogicalLine; next: number } {
  const start = indentEnd(text, first.start, first.end)
  let kept = continued(text, start, first.end, escapeUnit)
  if (kept === null) return { line: soleLine(text, start, first.end), next: first.next }
  const segments: Segment[] = []
  const blanks: Range[] = []
  const parts: string[] = []
  let joined = 0
  const take = (start: number, end: number): void => {
    if (end === start) return
    segments.push({ at: joined, file: start, length: end - start })
    parts.push(text.slice(start, end))
    joined += end - start
  }
  take(start, kept)
  let { end, next } = first
  while (kept !== null && next < text.length) {
    const line = physicalLine(text, next)
    next = line.next
    end = line.end
    const content = indentEnd(text, line.start, line.end)
    if (text[content] === '#' && content < line.end) continue
    if (content === line.end) {
      blanks.push({ start: line.start, end: line.end })
      continue
    }
    kept = continued(text, line.start, line.end, escapeUnit)
    take(line.start, kept ?? line.end)
  }
  return { line: { text: parts.join(''), segments, range: { start, end }, blanks }, next }
}

/** Most instructions are one line. */
function soleLine(text: string, start: number, end: number): LogicalLine {
  const segments = [{ at: 0, file: start, length: end - start }]
  return { text: text.slice(start, end), segments, range: { start, end }, blanks: none }
}

const none: readonly never[] = []

/** Where the continuation marker stands, or null when the line ends the instruction. */
function continued(text: string, start: number, end: number, escapeUnit: string): number | null {
  let at = end
  while (at > start && (text[at - 1] === ' ' || text[at - 1] === '\t')) at -= 1
  if (at === start || text[at - 1] !== escapeUnit) return null
  return at - 1 > start && text[at - 2] === escapeUnit ? null : at - 1
}

/** The place in the file of a range of the joined text. */
export function rangeInFile(line: LogicalLine, start: number, end: number): Range {
  const [first] = line.segments
  if (first && line.segments.length === 1 && end <= first.length)
    return { start: first.file + start, end: first.file + end }
  const from = offsetInFile(line, start)
  return { start: from, end: end > start ? offsetInFile(line, end - 1) + 1 : from }
}

function offsetInFile(line: LogicalLine, at: number): number {
  let low = 0
  let high = line.segments.length - 1
  while (low < high) {
    const middle = (low + high + 1) >> 1
    if ((line.segments[middle]?.at ?? 0) <= at) low = middle
    else high = middle - 1
  }
  const segment = line.segments[low]
  return segment
    ? Math.min(segment.file + at - segment.at, segment.file + segment.length)
    : line.range.start
}
