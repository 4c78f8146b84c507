import type { Dockerfile, Instruction } from '../../dockerfile/index.ts'

/**
 * The comments that BuildKit gives to each instruction: the comment lines since the one before it, whatever blank lines
 * come between; a bare `#` forgets those above it. Each is the line without its first character, trimmed: an indented
 * comment keeps its `#`, and so is neither a description nor a directive.
 */
export function commentsOf(dockerfile: Dockerfile): ReadonlyMap<Instruction, readonly string[]> {
  const { text, directives, instructions } = dockerfile
  const comments = new Map<Instruction, readonly string[]>()
  let from = nextLine(text, directives.at(-1)?.range.end ?? 0, directives.length > 0)
  for (const instruction of instructions) {
    comments.set(instruction, commentLines(text.slice(from, instruction.range.start)))
    from = nextLine(text, instruction.range.end, true)
  }
  return comments
}

function commentLines(between: string): string[] {
  let found: string[] = []
  for (const line of between.split('\n')) {
    if (!line.trimStart().startsWith('#')) continue
    const comment = line.slice(1).trim()
    if (comment === '') found = []
    else found.push(comment)
  }
  return found
}

function nextLine(text: string, at: number, skip: boolean): number {
  if (!skip) return at
  const feed = text.indexOf('\n', at)
  return feed < 0 ? text.length : feed + 1
}
