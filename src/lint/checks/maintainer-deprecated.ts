import type { Rule } from '../types.ts'
import { dockerPage } from './docker-page.ts'

export const maintainerDeprecated: Rule = {
  id: 'MaintainerDeprecated',
  description:
    'The MAINTAINER instruction is deprecated, use a label instead to define an image author',
  url: dockerPage('maintainer-deprecated'),
  origin: 'buildkit',
  severity: 'warning',
  needs: 'text',
  *check({ dockerfile }) {
    for (const instruction of dockerfile.instructions) {
      if (instruction.kind !== 'maintainer') continue
      const label = `LABEL org.opencontainers.image.authors=${JSON.stringify(instruction.name.replaceAll(/^"|"$/g, ''))}`
      yield {
        message: 'Maintainer instruction is deprecated in favor of using label',
        instruction,
        fix: {
          title: 'Use a label',
          safety: 'suggestion',
          edits: [{ range: instruction.range, text: label }],
        },
      }
    }
  },
}
