import { editDistance } from '../../base/index.ts'

/** Where so many names are near, a guess is worth nothing, and every use would compare them all. */
const most = 1000

/** The candidate fewer than three edits away from `name` (BuildKit's suggest.Search); the first of equals wins. */
export function nearest(name: string, candidates: readonly string[]): string | null {
  if (candidates.length > most) return null
  let best: string | null = null
  let least = 3
  for (const candidate of candidates) {
    if (candidate === name) return null
    if (Math.abs(candidate.length - name.length) >= least) continue
    const distance = editDistance(name, candidate)
    if (distance >= least) continue
    best = candidate
    least = distance
  }
  // An empty name that is nearest hides the others, as in BuildKit.
  return best === '' ? null : best
}
