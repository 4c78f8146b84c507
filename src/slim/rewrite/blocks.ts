import type { Range } from '../../base/index.ts'
import type { Dockerfile, Edit, Instruction, Stage } from '../../dockerfile/index.ts'

/** An instruction with the comments directly above it, as whole lines. */
export type Block = Range & {
  /** False when the file ends without a line break after it. */
  readonly broken: boolean
}

/** The lines of an instruction: from its first comment to the line break after it. */
export function blockOf({ text }: Dockerfile, instruction: Instruction): Block {
  const first = instruction.comments[0]?.start ?? instruction.range.start
  const start = text.lastIndexOf('\n', first - 1) + 1
  const next = text.indexOf('\n', instruction.range.end)
  return next === -1
    ? { start, end: text.length, broken: false }
    : { start, end: next + 1, broken: true }
}

/** Takes an instruction out with its comments, and one of two blank lines that would meet. */
export function removal(dockerfile: Dockerfile, instruction: Instruction): Edit {
  const { text } = dockerfile
  const { start, end } = blockOf(dockerfile, instruction)
  const before = text.slice(0, start)
  const blankBefore = before === '' || /(?:^|\n)[ \t]*\r?\n$/.test(before)
  const blankAfter = /^[ \t]*\r?\n/.exec(text.slice(end))?.[0] ?? ''
  return { range: { start, end: blankBefore ? end + blankAfter.length : end }, text: '' }
}

/** True when a blank line stands between an instruction of a stage and the one before it. */
export function gapIsBlank(dockerfile: Dockerfile, stage: Stage, index: number): boolean {
  const instruction = stage.instructions[index]
  if (!instruction) return false
  const from = blockOf(dockerfile, stage.instructions[index - 1] ?? stage.from).end
  const gap = dockerfile.text.slice(from, blockOf(dockerfile, instruction).start)
  return gap
    .split('\n')
    .slice(0, -1)
    .some((line) => line.trim() === '')
}
