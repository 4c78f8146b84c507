import type { Facts } from '../facts/index.ts'
import type { PlanInput, Planned } from '../types.ts'

/** One way of splitting a build. A plain object in the list of `ecosystems/index.ts`. */
export type Ecosystem = {
  readonly id: string
  /** What is missing for this ecosystem to apply, null when it applies. */
  readonly objection: (input: PlanInput) => string | null
  /** The slim base that its runtime stage would use, undefined when it knows none for this image. */
  readonly leanBase: (facts: Facts) => string | undefined
  readonly plan: (input: PlanInput) => Planned
}
