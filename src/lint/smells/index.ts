import type { Rule } from '../types.ts'

/** Multi-stage smells that the text of a Dockerfile shows (slimming smells S1 to S20). */
export const smells: readonly Rule[] = []
