import type { Instruction } from '../../dockerfile/index.ts'
import type { Rule } from '../types.ts'
import { dockerPage } from './docker-page.ts'

const once = new Set(['cmd', 'entrypoint', 'healthcheck'])

export const multipleInstructionsDisallowed: Rule = {
  id: 'MultipleInstructionsDisallowed',
  description: 'Multiple instructions of the same type should not be used in the same stage',
  url: dockerPage('multiple-instructions-disallowed'),
  origin: 'buildkit',
  severity: 'warning',
  needs: 'scope',
  *check({ visible }) {
    for (const { instructions } of visible) {
      const last = new Map<string, Instruction>()
      for (const { instruction } of instructions) {
        if (!once.has(instruction.kind)) continue
        const earlier = last.get(instruction.kind)
        last.set(instruction.kind, instruction)
        if (!earlier) continue
        // The earlier one is ignored, so it is shown; the later one makes it so, so its comment silences.
        yield {
          message: `Multiple ${instruction.keyword} instructions should not be used in the same stage because only the last one will be used`,
          instruction: earlier,
          silencedBy: instruction,
        }
      }
    }
  },
}
