import { parsePlatform } from '../../image/index.ts'
import type { Rule } from '../types.ts'
import { dockerPage } from './docker-page.ts'

export const fromPlatformFlagConstDisallowed: Rule = {
  id: 'FromPlatformFlagConstDisallowed',
  description: 'FROM --platform flag should not use a constant value',
  url: dockerPage('from-platform-flag-const-disallowed'),
  origin: 'buildkit',
  severity: 'warning',
  needs: 'scope',
  *check({ stages, platform: target }) {
    for (const { stage, platform } of stages) {
      if (!platform || platform.used.length > 0 || platform.unset.length > 0) continue
      const parsed = parsePlatform(platform.value, target)
      const name = stage.name ?? ''
      // A stage that is named after its platform means it.
      if (!parsed || name.includes(parsed.os) || name.includes(parsed.architecture)) continue
      yield {
        message: `FROM --platform flag should not use constant value ${JSON.stringify(platform.value)}`,
        instruction: stage.from,
        range: stage.from.flags.find((flag) => flag.name === 'platform')?.range ?? stage.from.range,
      }
    }
  },
}
