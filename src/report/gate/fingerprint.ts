import { createHash } from 'node:crypto'
import type { PolicyResult } from '../../gate/index.ts'

/**
 * The same finding in the next build: a policy has one finding in a file. What it found, how much and where changes from
 * build to build, and every build would open it anew.
 */
export function fingerprint({ id }: Pick<PolicyResult, 'id'>, file: string): string {
  return createHash('sha256')
    .update(JSON.stringify([id, file]))
    .digest('hex')
}
