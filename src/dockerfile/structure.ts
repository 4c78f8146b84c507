import type { Diagnostic } from '../base/index.ts'
import { physicalLine } from './logical-line.ts'
import type { Dockerfile } from './types.ts'

/** What is wrong with the file as a whole: nothing in it, no stage, instructions before the first FROM. */
export function structureProblems(
  dockerfile: Dockerfile,
  found: readonly Diagnostic[],
): Diagnostic[] {
  const { instructions, text } = dockerfile
  const [first] = instructions
  if (!first)
    return [
      {
        code: 'NO_INSTRUCTIONS',
        severity: 'error',
        message: 'file with no instructions',
        range: { start: 0, end: Math.min(text.length, physicalLine(text, 0).end) },
        hint: 'A Dockerfile begins with FROM image.',
      },
    ]
  // A FROM whose arguments are wrong opens a stage all the same: one mistake, one message.
  const opens = instructions.findIndex(({ keyword }) => keyword.toLowerCase() === 'from')
  const before = opens < 0 ? instructions : instructions.slice(0, opens)
  const early = before.find(({ kind }) => kind !== 'arg' && kind !== 'unknown')
  if (early)
    return [
      {
        code: 'BEFORE_FROM',
        severity: 'error',
        message: 'no build stage in current context',
        range: { start: early.range.start, end: early.range.start + early.keyword.length },
        hint: `Put a FROM above this ${early.keyword.toUpperCase()}; only ARG may come before the first FROM.`,
      },
    ]
  if (opens >= 0 || found.some(({ severity }) => severity === 'error')) return []
  return [
    {
      code: 'NO_STAGE',
      severity: 'error',
      message: 'dockerfile contains no stages to build',
      range: { start: first.range.start, end: first.range.start + first.keyword.length },
      hint: 'Add FROM image after the global ARGs.',
    },
  ]
}

const longest = 65_535

/** Physical lines that BuildKit's reader cannot take: over 65,535 bytes with the line break. */
export function lineProblems(text: string): Diagnostic[] {
  const found: Diagnostic[] = []
  for (let at = 0; at < text.length; ) {
    const line = physicalLine(text, at)
    // A UTF-16 unit is at most three bytes: shorter lines need no counting.
    if (
      (line.next - at) * 3 > longest &&
      new TextEncoder().encode(text.slice(at, line.next)).length > longest
    )
      found.push({
        code: 'LINE_TOO_LONG',
        severity: 'error',
        message: `dockerfile line greater than max allowed size of ${longest}`,
        range: { start: line.start, end: line.end },
        hint: 'Break the line with a continuation, or COPY the text from a file.',
      })
    at = line.next
  }
  return found
}
