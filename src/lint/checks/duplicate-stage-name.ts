import type { Rule } from '../types.ts'
import { dockerPage } from './docker-page.ts'

export const duplicateStageName: Rule = {
  id: 'DuplicateStageName',
  description: 'Stage names should be unique',
  url: dockerPage('duplicate-stage-name'),
  origin: 'buildkit',
  severity: 'warning',
  needs: 'text',
  *check({ stages }) {
    const seen = new Set<string>()
    for (const { stage } of stages) {
      const { name, from } = stage
      if (name === null) continue
      if (seen.has(name))
        yield {
          message: `Duplicate stage name ${JSON.stringify(name)}, stage names should be unique`,
          instruction: from,
          range: from.as?.range ?? from.range,
          silencedBy: null,
        }
      seen.add(name)
    }
  },
}
