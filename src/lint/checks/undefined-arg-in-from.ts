import { nearest } from '../facts/index.ts'
import type { Rule } from '../types.ts'
import { dockerPage } from './docker-page.ts'

export const undefinedArgInFrom: Rule = {
  id: 'UndefinedArgInFrom',
  description: 'FROM command must use declared ARGs',
  url: dockerPage('undefined-arg-in-from'),
  origin: 'buildkit',
  severity: 'warning',
  needs: 'scope',
  *check({ stages, globals, declared }) {
    const known = new Set([...declared, ...globals.keys()])
    for (const { stage, image, platform } of stages) {
      for (const name of [...image.unset, ...(platform?.unset ?? [])]) {
        if (known.has(name)) continue
        const near = nearest(name, [...known])
        yield {
          message: `FROM argument '${name}' is not declared${near === null ? '' : ` (did you mean ${near}?)`}`,
          instruction: stage.from,
        }
      }
    }
  },
}
