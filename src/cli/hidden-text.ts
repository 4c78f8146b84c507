import type { AnalyzedImage } from '../app/index.ts'
import { formatSize } from '../base/index.ts'

/** What of an image is pulled and never seen, and why, in one line. */
export function hiddenText(hidden: AnalyzedImage['hidden']): string {
  const parts = [
    [hidden.overwritten, 'overwritten'],
    [hidden.metadataOnly, 'stored again for owner, mode or time'],
    [hidden.deleted, 'deleted'],
  ] as const
  const text = parts
    .filter(([size]) => size > 0)
    .map(([size, what]) => `${formatSize(size)} ${what}`)
  return `hidden by later layers: ${text.join(', ') || 'nothing'}\n`
}
