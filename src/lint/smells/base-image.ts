import { isFault } from '../../base/index.ts'
import { familiarRepository, parseReference } from '../../image/index.ts'
import type { LintFacts, StageFacts } from '../facts/index.ts'

/** The image at the bottom of the final image. */
export type FinalBase = {
  readonly stage: StageFacts
  /** As written after expansion. */
  readonly reference: string
  /** `python`, `mcr.microsoft.com/dotnet/sdk`. */
  readonly repository: string
  /** Empty without one. */
  readonly tag: string
  readonly digest: boolean
}

/** The base of the final image; null for scratch and for names that are none. */
export function finalBase({ chain }: LintFacts): FinalBase | null {
  const [stage] = chain
  return stage ? baseOf(stage) : null
}

/** The image a stage is FROM; null for scratch, for another stage and for names that are none. */
export function baseOf(stage: StageFacts): FinalBase | null {
  const reference = stage.image.value
  if (stage.parent !== null || reference === 'scratch') return null
  try {
    const parsed = parseReference(reference)
    return {
      ...{ stage, reference, repository: familiarRepository(parsed) },
      ...{ tag: parsed.tag ?? '', digest: parsed.digest !== null },
    }
  } catch (error) {
    if (isFault(error)) return null
    throw error
  }
}
