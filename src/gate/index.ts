/**
 * Gate: policies over a Dockerfile, an image and its answers. In: policies, facts. Out: a GateResult.
 * A policy that examined nothing never passes.
 */
export { evaluate } from './evaluate.ts'
export { parseSize } from './options.ts'
export {
  type BaselineRule,
  type PolicyText,
  parseBaseline,
  parsePolicyText,
  readPolicies,
} from './parse.ts'
export { probeTarget } from './policies/index.ts'
export { kindOf, type Policy, type PolicyId, policyIds } from './policy.ts'
export { presets } from './presets.ts'
export type * from './types.ts'
