import type { Rule } from '../types.ts'
import { dockerPage } from './docker-page.ts'

const reserved = new Set(['context', 'scratch'])

export const reservedStageName: Rule = {
  id: 'ReservedStageName',
  description: 'Reserved words should not be used as stage names',
  url: dockerPage('reserved-stage-name'),
  origin: 'buildkit',
  severity: 'warning',
  needs: 'text',
  *check({ stages }) {
    for (const { stage } of stages) {
      const { name, from } = stage
      if (name === null || !reserved.has(name)) continue
      yield {
        message: `Stage name should not use the same name as reserved stage ${JSON.stringify(name)}`,
        instruction: from,
        range: from.as?.range ?? from.range,
        silencedBy: null,
      }
    }
  },
}
