import { compilePatterns } from '../image/index.ts'
import type { GateInput, Ignore } from './types.ts'

/** What an ignore can be about. */
type Subject = {
  readonly package?: string | undefined
  readonly path?: string | undefined
  readonly category?: string | undefined
}

/** Whether the file says that a finding of this policy is not counted. One past its last day says nothing. */
export function isIgnored(
  { ignore, today }: Pick<GateInput, 'ignore' | 'today'>,
  policy: string,
  subject: Subject,
): boolean {
  return ignore.some((one) => isInForce(one, today) && matches(one, policy, subject))
}

export function isInForce({ until }: Ignore, today: string): boolean {
  return until === null || today <= until
}

function matches(one: Ignore, policy: string, subject: Subject): boolean {
  if (one.policy !== null && one.policy !== policy) return false
  if (one.package !== null && one.package !== subject.package) return false
  if (one.category !== null && one.category !== subject.category) return false
  return one.path === null || (subject.path !== undefined && pathMatches(one.path, subject.path))
}

/** A glob over absolute paths: `*` within a name, `**` over folders; a folder stands for all below it. */
export function pathMatches(glob: string, path: string): boolean {
  const text = glob.replace(/^\/+/, '').replace(/\/+$/, '')
  return compilePatterns([{ text, negated: false }]).excludes(path.replace(/^\//, ''))
}
