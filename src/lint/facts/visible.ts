import { parseMountFlag, type Stage } from '../../dockerfile/index.ts'
import type { StageFacts } from './types.ts'

/** The final stage and what it reads, directly or not, in file order: what a build of it looks at. */
export function neededStages(
  stages: readonly StageFacts[],
  final: StageFacts | null,
): readonly StageFacts[] {
  const seen = new Set<number>()
  const visit = (at: number): void => {
    const facts = stages[at]
    if (!facts || seen.has(at)) return
    seen.add(at)
    if (facts.parent !== null) visit(facts.parent)
    for (const name of readNames(facts.stage)) {
      const named = stages.findLastIndex(({ stage }) => stage.name === name.toLowerCase())
      if (named >= 0) visit(named)
      else if (/^\d+$/.test(name)) visit(Number(name))
    }
  }
  if (final) visit(final.stage.index)
  return stages.filter(({ stage }) => seen.has(stage.index))
}

/** The `from` of its copies and mounts; a mount without one reads the stage that is named scratch, if one is. */
function readNames(stage: Stage): string[] {
  return stage.instructions.flatMap(({ flags }) =>
    flags.flatMap(({ name, value }) => {
      if (name === 'mount') return [parseMountFlag(value ?? '').value.from ?? 'scratch']
      return name === 'from' && value !== null ? [value] : []
    }),
  )
}

/** BuildKit plays the triggers of a base stage only for stages that the final one needs. */
export function withoutIdleTriggers(
  stages: readonly StageFacts[],
  needed: readonly StageFacts[],
): readonly StageFacts[] {
  return stages.map((one) =>
    needed.includes(one)
      ? one
      : { ...one, instructions: one.instructions.filter(({ trigger }) => !trigger) },
  )
}
