import { isFault } from '../../base/index.ts'
import { expandWord } from '../../dockerfile/index.ts'
import { parseReference } from '../../image/index.ts'
import type { Rule } from '../types.ts'
import { dockerPage } from './docker-page.ts'

export const invalidDefaultArgInFrom: Rule = {
  id: 'InvalidDefaultArgInFrom',
  description: 'Default value for global ARG results in an empty or invalid base image name',
  url: dockerPage('invalid-default-arg-in-from'),
  origin: 'buildkit',
  severity: 'warning',
  needs: 'scope',
  *check({ dockerfile, stages, defaults }) {
    if (defaults === null) return
    for (const { stage } of stages) {
      const { image } = stage.from
      const { value, error } = expandWord(image.text, (name) => defaults.get(name), {
        escape: dockerfile.escape,
      })
      if (error !== undefined) return
      if (isReference(value)) continue
      yield {
        message: `Default value for ARG ${image.text} results in empty or invalid base image name`,
        instruction: stage.from,
        range: image.range,
        silencedBy: null,
      }
    }
  },
}

function isReference(text: string): boolean {
  try {
    parseReference(text)
    return true
  } catch (error) {
    if (isFault(error)) return false
    throw error
  }
}
