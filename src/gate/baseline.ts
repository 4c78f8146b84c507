import { invalid } from './options.ts'
import { nowhere, type Origin } from './origin.ts'
import { mapping, optionalText, refuseOthers } from './read-value.ts'
import type { Baseline } from './types.ts'

/** Where an earlier image or its sizes are, and what it means when they are not there. */
export type BaselineRule = {
  /** Exactly one of the two: a file that `--update-baseline` writes, or an image. */
  readonly from: { readonly file: string } | { readonly image: string }
  readonly onMissing: 'warn' | 'skip' | 'error'
  /** An older one is told; null: never. */
  readonly staleAfterDays: number | null
}

const known = ['file', 'image', 'on-missing', 'stale-after-days']

/** The `baseline` of a policy file: a path, or a mapping. @throws Fault POLICY_INVALID */
export function baselineOf(value: unknown, origin: Origin): BaselineRule {
  const key = ['baseline']
  if (typeof value === 'string' && value !== '')
    return { from: { file: value }, onMissing: 'error', staleAfterDays: null }
  const rule = mapping(value, key, origin)
  refuseOthers(rule, known, key, origin)
  const file = optionalText(rule, 'file', key, origin)
  const image = optionalText(rule, 'image', key, origin)
  if ((file === null) === (image === null))
    throw invalid(origin, key, 'a baseline is from a file or from an image, one of the two')
  const onMissing = rule['on-missing'] ?? 'error'
  if (onMissing !== 'warn' && onMissing !== 'skip' && onMissing !== 'error')
    throw invalid(origin, [...key, 'on-missing'], 'on-missing must be warn, skip or error')
  const days = rule['stale-after-days'] ?? null
  if (days !== null && (typeof days !== 'number' || !Number.isInteger(days) || days < 1))
    throw invalid(
      origin,
      [...key, 'stale-after-days'],
      'stale-after-days must be a whole number from 1',
    )
  return {
    from: file === null ? { image: image ?? '' } : { file },
    onMissing,
    staleAfterDays: days,
  }
}

/** What `--update-baseline` wrote. @throws Fault POLICY_INVALID */
export function parseBaseline(value: unknown, file: string): Baseline {
  const root = mapping(value, [], nowhere(file))
  const numbers = ['size', 'layers', 'ballast'].every((name) => typeof root[name] === 'number')
  if (root['version'] !== 1 || typeof root['reference'] !== 'string' || !numbers)
    throw invalid(
      nowhere(file),
      ['version'],
      'this is no baseline',
      'jettison check --update-baseline writes one',
    )
  return root as unknown as Baseline
}
