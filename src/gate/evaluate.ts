import { judge } from './policies/index.ts'
import type { GateInput, GateResult, Policy } from './types.ts'

/** Judges every policy. A gate with no policy, or with one that examined nothing, does not pass. */
export function evaluate(policies: readonly Policy[], input: GateInput): GateResult {
  const results = policies.map((policy) => judge(policy, input))
  const failed = results.some((result) => result.status === 'fail')
  const skipped = results.length === 0 || results.some((result) => result.status === 'skip')
  return { results, pass: !failed && !skipped, undecided: !failed && skipped }
}
