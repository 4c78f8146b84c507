/** Ecosystems: how each kind of project is split. Of two that are equally sure, the first one plans. */
import { python } from './python/index.ts'
import type { Ecosystem } from './types.ts'

export const ecosystems: readonly Ecosystem[] = [python]
export { type Candidate, candidatesFor, leftoversOf } from './choose.ts'
export type { Claim, Ecosystem } from './types.ts'
