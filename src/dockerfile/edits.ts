import { Fault } from '../base/index.ts'
import type { Dockerfile, Edit } from './types.ts'

/**
 * The text with every edit made; the order of the list does not matter. Edits may touch but not overlap. Two insertions
 * at one place have no order, so they overlap too: make them one.
 *
 * @throws Fault EDIT_OVERLAP or EDIT_OUT_OF_RANGE, both internal: an edit list is made by code, not by a user
 */
export function applyEdits(text: string, edits: readonly Edit[]): string {
  const ordered = edits.toSorted(
    (a, b) => a.range.start - b.range.start || a.range.end - b.range.end,
  )
  const parts: string[] = []
  let at = 0
  let previous: Edit | null = null
  for (const edit of ordered) {
    const { start, end } = edit.range
    if (start < 0 || end < start || end > text.length)
      throw new Fault('EDIT_OUT_OF_RANGE', `edit ${start}-${end} is outside the text`, {
        kind: 'internal',
      })
    const twin = previous !== null && end === previous.range.end && start === previous.range.start
    if (start < at || twin)
      throw new Fault('EDIT_OVERLAP', `two edits overlap at offset ${start}`, { kind: 'internal' })
    parts.push(text.slice(at, start), edit.text)
    at = end
    previous = edit
  }
  return parts.join('') + text.slice(at)
}

/** The text of a Dockerfile: exactly what was parsed. */
export function printDockerfile(dockerfile: Dockerfile): string {
  return dockerfile.text
}
