import { stagesOf } from '../../dockerfile/index.ts'
import type { PolicyKind } from '../define.ts'

/** Criterion 1 of the challenge: at least two FROM instructions. */
export const minStages: PolicyKind<{ readonly min: 'count' }> = {
  options: { min: 'count' },
  why: 'building and running need different things; a stage of its own keeps the tools out of the image',
  fix: 'jettison slim writes the second stage',
  slimFixes: true,
  judge: ({ min }, { dockerfile }) => {
    const common = { title: `at least ${min} stages`, allowed: `at least ${min} FROM` }
    if (!dockerfile) return { ...common, status: 'skip', found: 'no Dockerfile', items: [] }
    const { stages } = stagesOf(dockerfile.value)
    return {
      ...common,
      status: stages.length >= min ? 'pass' : 'fail',
      found: `${stages.length} FROM`,
      items: stages.map((stage) => ({
        what: `FROM ${stage.from.image.text}${stage.name ? ` AS ${stage.name}` : ''}`,
        line: lineOf(dockerfile.source.text, stage.from.range.start),
      })),
    }
  },
}

function lineOf(text: string, offset: number): number {
  return text.slice(0, offset).split('\n').length
}
