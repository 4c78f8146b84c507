/** Programs: what compiled ones say they were made of. In: a tree and a path. Out: the compiler and the libraries. */
import type { FileTree } from '../../image/index.ts'
import { cargoParts } from './cargo.ts'
import { goParts } from './go.ts'
import type { ProgramParts } from './types.ts'

export type { ProgramParts } from './types.ts'

/** The libraries that Go or cargo-auditable recorded in a program; undefined when it says nothing. */
export function partsOf(tree: FileTree, path: string): ProgramParts | undefined {
  return goParts(tree, path) ?? cargoParts(tree, path)
}
