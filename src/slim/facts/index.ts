/** Facts: what a Dockerfile and its fat image say, before anything is decided. */
export { gatherFacts, suiteOf } from './gather.ts'
export { expandValue, resolveDir } from './surroundings.ts'
export type * from './types.ts'
