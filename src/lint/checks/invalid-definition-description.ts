import type { Instruction } from '../../dockerfile/index.ts'
import type { Rule } from '../types.ts'
import { dockerPage } from './docker-page.ts'

export const invalidDefinitionDescription: Rule = {
  id: 'InvalidDefinitionDescription',
  description:
    'Comment for build stage or argument should follow the format: `# <arg/stage name> <description>`. If this is not intended to be a description comment, add an empty line or comment between the instruction and the comment.',
  url: dockerPage('invalid-definition-description'),
  origin: 'buildkit',
  severity: 'warning',
  experimental: true,
  needs: 'text',
  *check({ dockerfile, comments }) {
    for (const instruction of dockerfile.instructions) {
      const names = definedNames(instruction)
      const [only, ...others] = names
      const comment = comments.get(instruction)?.at(-1)
      if (only === undefined || comment === undefined) continue
      const [first = ''] = comment.split(' ')
      if (names.includes(first)) continue
      const wanted = others.length > 0 ? '<arg_key>' : only
      yield {
        message: `Comment for ${instruction.kind.toUpperCase()} should follow the format: \`# ${wanted} <description>\``,
        instruction,
      }
    }
  },
}

function definedNames(instruction: Instruction): readonly string[] {
  if (instruction.kind === 'arg') return instruction.pairs.map(({ key }) => key)
  return instruction.kind === 'from' && instruction.as ? [instruction.as.text.toLowerCase()] : []
}
