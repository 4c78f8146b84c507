/**
 * Gate: policies over a Dockerfile, an image and its answers. In: policies, facts. Out: a GateResult.
 * A policy that examined nothing never passes.
 */
export { type BaselineRule, parseBaseline } from './baseline.ts'
export { evaluate } from './evaluate.ts'
export { parseSize } from './options.ts'
export { nowhere, type Origin } from './origin.ts'
export { type PolicyText, parsePolicyText, readPolicies } from './parse.ts'
export { probeTarget } from './policies/index.ts'
export { isPolicyId, kindOf, type Policy, type PolicyId, policyIds } from './policy.ts'
export { presets } from './presets.ts'
export type * from './types.ts'
