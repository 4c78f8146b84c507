import { isClock, isNear } from './moments.ts'
import type { Normalised } from './normalise.ts'

/**
 * A value that a pattern would mask, that differs between fat and lean, and that fat repeats: it may belong to the
 * process (an instance's number) or be a fact (a tenant's number). Only another process of fat can tell.
 */
export type Doubt = { readonly fat: string; readonly lean: string }

/** The doubts of two texts that patterns make equal; `samples` are further answers of fat. */
export function doubtsOf(
  fat: Normalised,
  lean: Normalised,
  samples: readonly Normalised[],
): readonly Doubt[] {
  return [...fat.replaced].flatMap(([rule, values]) => {
    const others = lean.replaced.get(rule) ?? []
    return values.flatMap((value, at): readonly Doubt[] => {
      const other = others[at]
      if (other === undefined || other === value) return []
      if (isClock(rule) && isNear(rule, value, other)) return []
      const varies = samples.some((sample) => {
        const again = sample.replaced.get(rule)?.[at]
        if (again === undefined || again === value) return false
        return !isClock(rule) || !isNear(rule, value, again)
      })
      return varies ? [] : [{ fat: value, lean: other }]
    })
  })
}
