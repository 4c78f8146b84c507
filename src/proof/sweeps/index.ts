/** Sweeps: which modules each language of an image can be told to load. In: two sides. Out: interpreters and names. */
import { nodeSweeper } from './node.ts'
import { pythonSweeper } from './python.ts'
import { rubySweeper } from './ruby.ts'
import type { Sweeper } from './types.ts'

export { marker, type Sweep } from './types.ts'

export const sweepers: readonly Sweeper[] = [pythonSweeper, nodeSweeper, rubySweeper]
