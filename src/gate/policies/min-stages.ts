import { stagesOf } from '../../dockerfile/index.ts'
import type { GateInput, PolicyResult } from '../types.ts'

/** Criterion 1 of the challenge: at least two FROM instructions. */
export function minStages({ min }: { readonly min: number }, input: GateInput): PolicyResult {
  const common = {
    id: 'min-stages',
    title: `at least ${min} stages`,
    allowed: `at least ${min} FROM`,
    why: 'building and running need different things; a stage of its own keeps the tools out of the image',
    fix: 'jettison slim writes the second stage',
  } as const
  if (!input.dockerfile) return { ...common, status: 'skip', found: 'no Dockerfile', evidence: [] }
  const { stages } = stagesOf(input.dockerfile.value)
  return {
    ...common,
    status: stages.length >= min ? 'pass' : 'fail',
    found: `${stages.length} FROM`,
    evidence: stages.map(
      (stage) => `FROM ${stage.from.image.text}${stage.name ? ` AS ${stage.name}` : ''}`,
    ),
  }
}
