import type { Rule } from '../types.ts'
import { dockerPage } from './docker-page.ts'

export const stageNameCasing: Rule = {
  id: 'StageNameCasing',
  description: 'Stage names should be lowercase',
  url: dockerPage('stage-name-casing'),
  origin: 'buildkit',
  severity: 'warning',
  needs: 'text',
  *check({ stages }) {
    for (const { stage } of stages) {
      const { as } = stage.from
      const lower = as?.text.toLowerCase()
      if (!as || lower === undefined || lower === as.text) continue
      yield {
        message: `Stage name '${as.text}' should be lowercase`,
        instruction: stage.from,
        range: as.range,
        // Names are compared in lower case wherever they are used.
        fix: {
          title: `Write ${lower}`,
          safety: 'safe',
          edits: [{ range: as.range, text: lower }],
        },
      }
    }
  },
}
