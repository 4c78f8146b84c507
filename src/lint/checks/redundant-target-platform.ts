import type { Rule } from '../types.ts'
import { dockerPage } from './docker-page.ts'

export const redundantTargetPlatform: Rule = {
  id: 'RedundantTargetPlatform',
  description:
    'Setting platform to predefined $TARGETPLATFORM in FROM is redundant as this is the default behavior',
  url: dockerPage('redundant-target-platform'),
  origin: 'buildkit',
  severity: 'warning',
  needs: 'scope',
  *check({ dockerfile, stages, globals }) {
    for (const { stage, platform } of stages) {
      if (!platform || platform.unset.length > 0 || platform.used.join() !== 'TARGETPLATFORM')
        continue
      if (platform.value !== globals.get('TARGETPLATFORM')) continue
      const flag = stage.from.flags.find(({ name }) => name === 'platform')
      const range = flag?.range ?? stage.from.range
      const blanks = /^[ \t]*/.exec(dockerfile.text.slice(range.end))?.[0].length ?? 0
      yield {
        message: `Setting platform to predefined ${stage.from.platform} in FROM is redundant as this is the default behavior`,
        instruction: stage.from,
        range,
        fix: {
          title: 'Leave it out',
          safety: 'safe',
          edits: [{ range: { start: range.start, end: range.end + blanks }, text: '' }],
        },
      }
    }
  },
}
