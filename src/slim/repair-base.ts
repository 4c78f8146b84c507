import type { Missing } from '../proof/index.ts'
import { parseBase } from './bases/index.ts'
import { suiteOf } from './facts/index.ts'
import type { Repair, RepairWorld } from './repair.ts'
import type { Plan } from './types.ts'

/**
 * A library that is there and too old, in a runtime of another release than the fat image: no package of that release
 * helps, so the runtime gets the base of fat's release.
 */
export function repairedBase(
  plan: Plan,
  missing: readonly Missing[],
  { tree, leanTree }: RepairWorld,
): Repair | undefined {
  const old = missing.find((one) => one.kind === 'symbol-versions')
  const [wanted, found] = [suiteOf(tree), suiteOf(leanTree)]
  if (old?.kind !== 'symbol-versions' || wanted === null || found === null || wanted === found)
    return undefined
  const reference = ofSuite(plan.runtime.reference, wanted)
  if (reference === undefined || reference === plan.runtime.reference) return undefined
  const why = `${old.library} of ${found} lacks ${old.versions.join(', ')}`
  return {
    plan: { ...plan, runtime: { ...plan.runtime, from: reference, reference } },
    steps: [`based the runtime on ${reference} (${why})`],
  }
}

/** `debian:bullseye-slim` → `debian:bookworm-slim`, `python:3.11-slim` → `python:3.11-slim-bookworm`. */
function ofSuite(reference: string, suite: string): string | undefined {
  const base = parseBase(reference)
  if (base.tag === null) return undefined
  const tag =
    base.suite === null
      ? `${base.tag}-${suite}`
      : base.tag
          .split('-')
          .map((word) => (word === base.suite ? suite : word))
          .join('-')
  return `${base.repository}:${tag}`
}
