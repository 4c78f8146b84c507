import type { Diagnostic, Range } from '../base/index.ts'
import { readDirectives } from './directives.ts'
import { flagParts, flagProblems } from './flags.ts'
import { heredocMarks, readHeredoc } from './heredoc.ts'
import { indentEnd, joinLines, physicalLine } from './logical-line.ts'
import { parseMountFlag } from './mount.ts'
import { lineProblems, structureProblems } from './structure.ts'
import { fileRange, type Problem, type SyntaxNode, syntaxOf } from './syntax.ts'
import { typedInstruction } from './typed.ts'
import type { Heredoc, Instruction, Parsed } from './types.ts'
import type { Token } from './words.ts'

/**
 * Parses a Dockerfile as BuildKit does. Never throws: whatever BuildKit would refuse is a diagnostic of severity
 * `error` with a code, a range and BuildKit's words, and the instruction it is about has kind `unknown` when its
 * arguments make no sense. The value keeps the text, so printing it gives back every byte.
 */
export function parseDockerfile(text: string): Parsed {
  const { value, diagnostics } = parseTrigger(text)
  const found = [
    ...diagnostics,
    ...lineProblems(text),
    ...structureProblems(value, diagnostics),
  ].sort((a, b) => a.range.start - b.range.start)
  return { value, diagnostics: found }
}

/** Parses instructions that need no FROM above them: the expression of an ONBUILD. */
export function parseTrigger(text: string): Parsed {
  const directives = readDirectives(text)
  const { escape: escapeUnit } = directives
  const instructions: Instruction[] = []
  const diagnostics: Diagnostic[] = [...directives.diagnostics]
  for (const read of readNodes(text, directives.end, escapeUnit)) {
    const { node, heredocs, range, comments } = read
    const { instruction, problem } = typedInstruction(node, text, { range, heredocs, comments })
    instructions.push(instruction)
    for (const found of read.problems) diagnostics.push(diagnosticOf(node, found))
    if (problem) diagnostics.push(diagnosticOf(node, problem))
    else if (node.flags.length > 0)
      for (const found of flagProblems(node)) diagnostics.push(diagnosticOf(node, found))
    if (node.name === 'run' && node.flags.length > 0)
      for (const found of mountProblems(node, text)) diagnostics.push(found)
    if (node.line.blanks.length > 0) diagnostics.push(...emptyContinuations(node))
  }
  const value = { text, escape: escapeUnit, directives: directives.list, instructions }
  return { value, diagnostics }
}

/** An instruction as read from the file, heredoc bodies included. */
export type ReadNode = {
  readonly node: SyntaxNode
  readonly heredocs: readonly Heredoc[]
  readonly range: Range
  readonly comments: readonly Range[]
  readonly problems: readonly Problem[]
}

/** The instructions of a file, from the first line after the directives on. */
export function* readNodes(text: string, start: number, escapeUnit: string): Generator<ReadNode> {
  let comments: Range[] | null = null
  let at = start
  while (at < text.length) {
    const first = physicalLine(text, at)
    const content = indentEnd(text, first.start, first.end)
    if (content === first.end || text[content] === '#') {
      at = first.next
      if (content === first.end) comments = null
      else {
        comments ??= []
        comments.push({ start: content, end: first.end })
      }
      continue
    }
    const { line, next } = joinLines(text, first, escapeUnit)
    const node = syntaxOf(line, escapeUnit)
    const read = readHeredocs(node, text, next)
    const begin = fileRange(node, node.keyword).start
    yield {
      node,
      heredocs: read.heredocs,
      range: { start: begin, end: read.end ?? line.range.end },
      comments: comments ?? none,
      problems: read.problems,
    }
    comments = null
    at = read.next
  }
}

type HeredocsRead = {
  readonly heredocs: readonly Heredoc[]
  readonly end: number | null
  readonly next: number
  readonly problems: readonly Problem[]
}

const none: readonly never[] = []
const hosts: ReadonlySet<string> = new Set(['add', 'copy', 'run'])

/** Heredocs belong to ADD, COPY and RUN (also as triggers), never to the JSON form. */
function readHeredocs(node: SyntaxNode, text: string, start: number): HeredocsRead {
  const host = node.nested ?? node
  if (!hosts.has(host.name) || host.json || host.problem)
    return { heredocs: none, end: null, next: start, problems: none }
  const marks = heredocMarks(node.line.text)
  if (marks.length === 0) return { heredocs: none, end: null, next: start, problems: none }
  const heredocs: Heredoc[] = []
  const problems: Problem[] = []
  let end: number | null = null
  let next = start
  for (const mark of marks) {
    const read = readHeredoc(text, next, mark)
    heredocs.push(read.heredoc)
    end = read.end
    next = read.next
    if (read.terminated) continue
    problems.push({
      code: 'UNTERMINATED_HEREDOC',
      message: 'unterminated heredoc',
      at: heredocToken(node, mark.name),
      hint: `Put ${mark.name} alone on a line, with nothing before or after it, where the text ends.`,
    })
    break
  }
  return { heredocs, end, next, problems }
}

function heredocToken(node: SyntaxNode, name: string): Token {
  const { text } = node.line
  const named = Math.max(text.indexOf(`<<${name}`), text.indexOf(`<<-${name}`))
  const start = named < 0 ? text.indexOf('<<') : named
  return { text: name, start, end: start + 2 }
}

function diagnosticOf(node: SyntaxNode, problem: Problem): Diagnostic {
  const { code, message, at, hint } = problem
  const range = fileRange(node, at)
  return { code, severity: 'error', message, range, ...(hint === undefined ? {} : { hint }) }
}

/** Mount options are judged where they are written, as far as they hold no variable. */
function mountProblems(node: SyntaxNode, text: string): Diagnostic[] {
  return node.flags.flatMap((flag) => {
    const { name, value } = flagParts(flag)
    if (name !== 'mount' || value === null) return []
    const range = fileRange(node, flag)
    const written = text.slice(range.start, range.end)
    return parseMountFlag(value).diagnostics.map((found) => {
      const part = value.slice(found.range.start, found.range.end)
      const at = written.indexOf(part)
      if (at < 0) return { ...found, range }
      const start = range.start + at
      return { ...found, range: { start, end: start + part.length } }
    })
  })
}

function emptyContinuations(node: SyntaxNode): Diagnostic[] {
  const [first] = node.line.blanks
  if (!first) return []
  return [
    {
      code: 'EMPTY_CONTINUATION',
      severity: 'warning',
      message: 'Empty continuation line',
      range: first,
      hint: 'Remove the blank line or put a comment on it: BuildKit means to refuse these.',
    },
  ]
}
