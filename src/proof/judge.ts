import type { RungId, RungResult, Verdict } from './verdict.ts'

/** Rungs that decide the verdict; P6 and P10 judge leanness and fail the command only. */
const deciding: readonly RungId[] = ['P0', 'P1', 'P2', 'P3', 'P4', 'P5', 'P7', 'P8']

/** Rungs that may be skipped with a reason: they do not apply to every image, or are not built yet. */
const optional: ReadonlySet<RungId> = new Set(['P4', 'P5', 'P8'])

/**
 * The verdict of DESIGN §6. A rung that is not in the list, that passes without having examined anything, or that is
 * skipped although it always applies, counts as unproven; without a probe that counted nothing is equivalent.
 */
export function judge(results: readonly RungResult[]): Verdict {
  const found = deciding.map((id) => results.find(({ rung }) => rung === id))
  if (found.some((result) => result?.status === 'fail')) return 'DIFFERENT'
  const green = found.every((result) => result !== undefined && isGreen(result))
  const probes = results.find(({ rung }) => rung === 'P7')
  return green && probes?.status === 'pass' && probes.examined > 0 ? 'EQUIVALENT' : 'UNPROVEN'
}

function isGreen({ rung, status, examined }: RungResult): boolean {
  return (status === 'pass' && examined > 0) || (status === 'skip' && optional.has(rung))
}
