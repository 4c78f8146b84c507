import { closest } from '../base/index.ts'

/** ` (did you mean X?)` for the nearest of the candidates, empty when none is near. Case does not count. */
export function suggestion(word: string, candidates: readonly string[]): string {
  const nearest = closest(word, candidates)
  return nearest === null ? '' : ` (did you mean ${nearest}?)`
}
