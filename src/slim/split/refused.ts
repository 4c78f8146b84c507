import type { Facts, InstructionFacts } from '../facts/index.ts'
import type { Refusal } from '../types.ts'

/** A refusal that shows the line. */
export function refused(facts: InstructionFacts, { dockerfile }: Facts, why: string): Refusal {
  const { range } = facts.instruction
  const line = dockerfile.text.slice(0, range.start).split('\n').length
  const shown = dockerfile.text.slice(range.start, range.end).split('\n')[0]?.trim() ?? ''
  return {
    code: 'unsupported-step',
    message: `line ${line} cannot be split: ${why}`,
    details: [`line ${line}: ${shown}`],
  }
}
