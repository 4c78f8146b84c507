import { formatPlatform, parsePlatform } from '../../image/index.ts'
import type { Rule } from '../types.ts'

export const invalidBaseImagePlatform: Rule = {
  id: 'InvalidBaseImagePlatform',
  description: 'Base image platform does not match expected target platform',
  // The only check without a page at Docker's.
  url: null,
  origin: 'buildkit',
  severity: 'warning',
  needs: 'scope',
  *check({ visible, platform: target }) {
    for (const { stage, image, platform, base } of visible) {
      const actual = base?.platform
      const expected = platform ? parsePlatform(platform.value, target) : target
      if (!actual || !expected) continue
      if (expected.os === actual.os && expected.architecture === actual.architecture) continue
      yield {
        message: `Base image ${image.value} was pulled with platform ${JSON.stringify(formatPlatform(actual))}, expected ${JSON.stringify(formatPlatform(expected))} for current build`,
        instruction: stage.from,
        range: stage.from.image.range,
        silencedBy: null,
      }
    }
  },
}
