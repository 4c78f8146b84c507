import { applyEdits, type Edit } from '../dockerfile/index.ts'
import type { Finding } from './types.ts'

/**
 * The text with every safe fix applied that does not touch the range of one before it; the rest waits for the next run.
 * @returns the new text and the findings that it settles
 */
export function applySafeFixes(
  text: string,
  findings: readonly Finding[],
): { readonly text: string; readonly fixed: readonly Finding[] } {
  const edits: Edit[] = []
  const fixed: Finding[] = []
  for (const finding of findings) {
    if (finding.fix?.safety !== 'safe') continue
    if (finding.fix.edits.some((edit) => edits.some((other) => overlaps(edit, other)))) continue
    edits.push(...finding.fix.edits)
    fixed.push(finding)
  }
  return { text: applyEdits(text, edits), fixed }
}

/** Half-open ranges; two insertions at one place count as overlapping, for nobody said which comes first. */
function overlaps({ range: a }: Edit, { range: b }: Edit): boolean {
  return a.start === b.start || (a.start < b.end && b.start < a.end)
}
