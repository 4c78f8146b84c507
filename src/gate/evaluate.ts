import { isInForce } from './ignore.ts'
import { kindOf, type Policy } from './policy.ts'
import type { GateInput, GateResult, Item, PolicyResult } from './types.ts'

/**
 * Judges every policy. A gate with no policy, or with one that examined nothing, does not pass; a warning never fails
 * it.
 */
export function evaluate(policies: readonly Policy[], input: GateInput): GateResult {
  const results = policies.map((policy) => judge(policy, input))
  const strict = results.filter(({ level }) => level === 'error')
  const failed = strict.some(({ status }) => status === 'fail')
  const skipped = results.length === 0 || strict.some(({ status }) => status === 'skip')
  const warnings = input.ignore
    .filter((one) => !isInForce(one, input.today))
    .map(({ reason, until }) => `an ignore ended on ${until} and counts no more: ${reason}`)
  return { results, warnings, pass: !failed && !skipped, undecided: !failed && skipped }
}

function judge(policy: Policy, input: GateInput): PolicyResult {
  const { id, level = 'error', ...options } = policy
  const { why, fix, judge: examine } = kindOf(id)
  const { title, status, found, allowed, items, notCounted = [] } = examine(options, input)
  return {
    ...{ id, title, level, status, found, allowed, items, notCounted, why, fix },
    evidence: items.map(({ what }) => what),
    line: lineOf(items, input),
  }
}

/** The line of the first item that has one, else of the layer that the first one is in, else of the last FROM. */
function lineOf(items: readonly Item[], { image, dockerfile }: GateInput): number | null {
  const given = items.find(({ line }) => line !== undefined)?.line
  if (given !== undefined) return given
  const layer = items.find((item) => item.layer !== undefined)?.layer
  const made = layer === undefined ? null : (image?.weight().layers[layer]?.line ?? null)
  if (made !== null) return made
  const from = dockerfile?.value.instructions.findLast(({ kind }) => kind === 'from')
  if (!dockerfile || !from) return null
  return dockerfile.source.text.slice(0, from.range.start).split('\n').length
}
