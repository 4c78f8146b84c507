import {
  type Instruction,
  parseDockerfile,
  parseMountFlag,
  type Stage,
  stagesOf,
} from '../../dockerfile/index.ts'
import type { PageCopy, PageStage } from './types.ts'

/** The stages of a Dockerfile and what they copy from each other, for the graph. */
export function stageGraph(text: string): readonly PageStage[] {
  const { stages } = stagesOf(parseDockerfile(text).value)
  const lineAt = (offset: number): number => text.slice(0, offset).split('\n').length
  return stages.map((stage) => ({
    name: nameOf(stages, stage.index),
    from: stage.from.image.text,
    line: lineAt(stage.range.start),
    lastLine: lineAt(Math.max(stage.range.start, stage.range.end - 1)),
    final: stage.index === stages.length - 1,
    copies: stage.instructions.flatMap((instruction) =>
      copiesOf(instruction, stages, lineAt(instruction.range.start)),
    ),
  }))
}

function nameOf(stages: readonly Stage[], index: number): string {
  return stages[index]?.name ?? `stage ${index}`
}

function copiesOf(
  instruction: Instruction,
  stages: readonly Stage[],
  line: number,
): readonly PageCopy[] {
  const source = (name: string): string =>
    /^\d+$/.test(name) ? nameOf(stages, Number(name)) : (stageNamed(stages, name) ?? name)
  if (instruction.kind === 'copy') {
    const from = instruction.flags.find(({ name }) => name === 'from')?.value
    if (from === null || from === undefined) return []
    const paths = instruction.sources.map((word) => word.text)
    return [{ from: source(from), paths, line, mount: false }]
  }
  if (instruction.kind !== 'run') return []
  return instruction.flags.flatMap(({ name, value }) => {
    if (name !== 'mount' || value === null) return []
    const mount = parseMountFlag(value).value
    if (mount.from === null) return []
    return [{ from: source(mount.from), paths: [mount.source ?? '/'], line, mount: true }]
  })
}

/** Stage names are compared without case. */
function stageNamed(stages: readonly Stage[], name: string): string | undefined {
  return stages.find((stage) => stage.name === name.toLowerCase())?.name ?? undefined
}
