/** Facts: what the rules read, computed once. In: a parsed Dockerfile and what is known beside it. Out: values. */
export { commentsOf } from './comments.ts'
export { gatherFacts } from './gather.ts'
export { nearest } from './nearest.ts'
export { officialImage } from './official-images.ts'
export { runFacts } from './run.ts'
export type * from './types.ts'
