/** Ecosystems: how each kind of project is split. Of two that are equally sure, the first one plans. */
import { c } from './c/index.ts'
import { generic } from './generic/index.ts'
import { go } from './go/index.ts'
import { java } from './java/index.ts'
import { node } from './node/index.ts'
import { python } from './python/index.ts'
import { rust } from './rust/index.ts'
import type { Ecosystem } from './types.ts'

export const ecosystems: readonly Ecosystem[] = [python, node, java, go, rust, c, generic]
export { type Candidate, candidatesFor, leftoversOf } from './choose.ts'
export type { Claim, Ecosystem } from './types.ts'
