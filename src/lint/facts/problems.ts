import { type Diagnostic, isFault } from '../../base/index.ts'
import { parseReference } from '../../image/index.ts'
import type { StageFacts } from './types.ts'

/** Base names that no build could resolve, in BuildKit's words. */
export function baseProblems(stages: readonly StageFacts[]): Diagnostic[] {
  return stages.flatMap(({ stage, image, parent }): Diagnostic[] => {
    const { text, range } = stage.from.image
    if (parent !== null || image.error !== undefined) return []
    if (image.value === '')
      return [
        {
          code: 'BASE_NAME_EMPTY',
          severity: 'error',
          message: `base name (${text}) should not be blank`,
          range,
        },
      ]
    const why = referenceProblem(image.value)
    if (why === null) return []
    const name = JSON.stringify(image.value)
    const message = `failed to parse stage name ${name}: invalid reference format`
    return [{ code: 'REFERENCE_INVALID', severity: 'error', message, range, hint: why }]
  })
}

function referenceProblem(text: string): string | null {
  try {
    parseReference(text)
    return null
  } catch (error) {
    if (isFault(error)) return error.message
    throw error
  }
}
