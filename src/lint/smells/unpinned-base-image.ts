import type { Rule } from '../types.ts'
import { baseOf } from './base-image.ts'

/** S15: a base that changes under the Dockerfile. */
export const unpinnedBaseImage: Rule = {
  id: 'UnpinnedBaseImage',
  description: 'A base image should have a tag that names a version',
  url: null,
  origin: 'jettison',
  severity: 'info',
  needs: 'scope',
  *check({ visible }) {
    for (const stage of visible) {
      const base = baseOf(stage)
      if (!base || base.digest || (base.tag !== '' && base.tag !== 'latest')) continue
      yield {
        message: `${base.reference} is another image tomorrow: ${base.tag === '' ? 'it has no tag' : 'latest names no version'}`,
        instruction: stage.stage.from,
        range: stage.stage.from.image.range,
      }
    }
  },
}
