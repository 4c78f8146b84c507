import type { ArgInstruction, Dockerfile, FromInstruction, Instruction, Stage } from './types.ts'

/** ARGs before the first FROM, which only FROM lines see, and the stages in order. Nothing here judges names or order. */
export function stagesOf(dockerfile: Dockerfile): {
  readonly globalArgs: readonly ArgInstruction[]
  readonly stages: readonly Stage[]
} {
  const globalArgs: ArgInstruction[] = []
  const drafts: { from: FromInstruction; instructions: Instruction[] }[] = []
  for (const instruction of dockerfile.instructions) {
    if (instruction.kind === 'from') drafts.push({ from: instruction, instructions: [] })
    else if (drafts.length > 0) drafts.at(-1)?.instructions.push(instruction)
    else if (instruction.kind === 'arg') globalArgs.push(instruction)
  }
  const stages = drafts.map(({ from, instructions }, index) => ({
    index,
    name: from.as?.text.toLowerCase() ?? null,
    from,
    instructions,
    range: { start: from.range.start, end: (instructions.at(-1) ?? from).range.end },
  }))
  return { globalArgs, stages }
}
