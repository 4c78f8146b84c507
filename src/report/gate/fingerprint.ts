import { createHash } from 'node:crypto'
import type { PolicyResult } from '../../gate/index.ts'

/**
 * The same finding in the next build: policy, file and the kinds of things found, never sizes, lines or versions, or
 * every build would open it anew.
 */
export function fingerprint({ id, items }: PolicyResult, file: string): string {
  const kinds = [...new Set(items.flatMap(({ category }) => category ?? []))].sort((a, b) =>
    a < b ? -1 : 1,
  )
  return createHash('sha256')
    .update(JSON.stringify([id, file, kinds]))
    .digest('hex')
}
