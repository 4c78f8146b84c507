/** Ecosystems: how each kind of project is split. The list is the order in which they are asked. */
import { python } from './python/index.ts'
import type { Ecosystem } from './types.ts'

export const ecosystems: readonly Ecosystem[] = [python]
export type { Ecosystem } from './types.ts'
