import { parseHeredocWord } from './heredoc.ts'
import { joinLines, type LogicalLine, physicalLine, rangeInFile } from './logical-line.ts'
import { syntaxOf } from './syntax.ts'
import type { Dockerfile, Instruction, RunInstruction } from './types.ts'

/** A shell script and where its first character stands in the file. Offset n of `text` is offset + n of the file. */
export type RunBody = {
  readonly text: string
  readonly offset: number
  /** A backslash and line break in it are filler, between single quotes too: no line of the file ends there. */
  readonly joined: boolean
}

/**
 * The script that the shell of a RUN gets, at the offsets of the file; null when no shell reads it (exec form, a heredoc
 * for another interpreter). Continuations, with the comments and blank lines in them, become shell continuations of the
 * same length, so that words and values come out as the shell sees them; of an odd number of characters one becomes a
 * blank. A RUN that is one heredoc is the heredoc's body.
 */
export function runBody(dockerfile: Dockerfile, instruction: RunInstruction): RunBody | null {
  if (instruction.command.form !== 'shell') return null
  const { text, escape: escapeUnit } = dockerfile
  const sole = soleHeredoc(instruction)
  if (sole) {
    const script = text.slice(sole.range.start, sole.range.end)
    return isForShell(script)
      ? { text: unixBreaks(script), offset: sole.range.start, joined: false }
      : null
  }
  const first = physicalLine(text, instruction.range.start)
  const { line } = joinLines(text, first, escapeUnit)
  const { rest } = syntaxOf(line, escapeUnit)
  const place = rangeInFile(line, rest.start, rest.end)
  let body = withoutGaps(text, line, place.start, place.end)
  if (instruction.heredocs.length > 0) {
    const tail = line.range.end - place.end
    body += filler(tail) + unixBreaks(text.slice(line.range.end, instruction.range.end))
  }
  return { text: body, offset: place.start, joined: true }
}

/** The heredoc when it is all that a RUN says (`RUN <<EOF`): its body is the script, not input for one. */
export function soleHeredoc(instruction: Instruction): RunInstruction['heredocs'][number] | null {
  if (instruction.kind !== 'run' || instruction.command.form !== 'shell') return null
  const [heredoc, ...others] = instruction.heredocs
  if (!heredoc || others.length > 0) return null
  return parseHeredocWord(instruction.command.text) === null ? null : heredoc
}

/** The file from `start` to `end` with everything between the segments of the line replaced by filler. */
function withoutGaps(text: string, line: LogicalLine, start: number, end: number): string {
  const parts: string[] = []
  let at = start
  for (const segment of line.segments) {
    const from = Math.max(segment.file, start)
    const to = Math.min(segment.file + segment.length, end)
    if (to <= at) continue
    parts.push(filler(from - at), text.slice(from, to))
    at = to
  }
  return parts.join('')
}

/** `length` characters that a shell reads as nothing, or as one blank when the length is odd. */
function filler(length: number): string {
  return ' '.repeat(length % 2) + '\\\n'.repeat(length >> 1)
}

/** CR LF as two line feeds: the same length, and a delimiter line keeps its meaning. */
function unixBreaks(text: string): string {
  return text.replaceAll('\r\n', '\n\n')
}

function isForShell(script: string): boolean {
  const match = /^#![ \t]*(\S+)(?:[ \t]+(?:-S[ \t]+)?(\S+))?/.exec(script)
  if (!match) return !script.startsWith('#!')
  const path = match[1]?.endsWith('/env') === true ? match[2] : match[1]
  return /(?:^|\/)(?:ba|da|a|z|k|mk)?sh$/.test(path ?? '')
}
