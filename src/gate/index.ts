/**
 * Gate: policies over a Dockerfile, an image and its answers. In: policies, facts. Out: a GateResult.
 * A policy that examined nothing never passes.
 */
export { evaluate } from './evaluate.ts'
export { parsePolicies, parseProbes, parseSize } from './parse.ts'
export type * from './types.ts'
