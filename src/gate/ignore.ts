import { formatSize } from '../base/index.ts'
import { compilePatterns, type PatternSet } from '../image/index.ts'
import type { Examined, GateInput, Ignore, Subject } from './types.ts'

export function isInForce({ until }: Ignore, today: string): boolean {
  return until === null || today <= until
}

/** The first ignore that a finding of this policy falls under; `met` notes it. */
export function ignoredBy(
  { ignore, today }: Pick<GateInput, 'ignore' | 'today'>,
  met: (one: Ignore) => void,
): Examined['ignoredBy'] {
  return (policy, subject) => {
    const found = ignore.find((one) => isInForce(one, today) && matches(one, policy, subject))
    if (found) met(found)
    return found ?? null
  }
}

function matches(one: Ignore, policy: string, subject: Subject): boolean {
  if (one.policy !== null && one.policy !== policy) return false
  if (one.package !== null && one.package !== subject.package) return false
  if (one.category !== null && one.category !== subject.category) return false
  if (one.lines !== null) {
    const [first, last] = one.lines
    if (subject.line === undefined || subject.line < first || subject.line > last) return false
  }
  return one.path === null || (subject.path !== undefined && pathMatches(one.path, subject.path))
}

/** What counts, and a line about what does not, one for each reason. */
export function sortIgnored<T extends Subject & { readonly bytes?: number | undefined }>(
  policy: string,
  found: readonly T[],
  { ignoredBy }: Pick<Examined, 'ignoredBy'>,
): { readonly counted: readonly T[]; readonly notCounted: readonly string[] } {
  const counted: T[] = []
  const reasons = new Map<string, { count: number; bytes: number }>()
  for (const one of found) {
    const ignore = ignoredBy(policy, one)
    if (!ignore) {
      counted.push(one)
      continue
    }
    const until = ignore.until === null ? '' : ` until ${ignore.until}`
    const reason = `${ignore.reason}${until}`
    const sum = reasons.get(reason) ?? { count: 0, bytes: 0 }
    reasons.set(reason, sum)
    sum.count += 1
    sum.bytes += one.bytes ?? 0
  }
  const notCounted = [...reasons].map(
    ([reason, { count, bytes }]) =>
      `${bytes > 0 ? formatSize(bytes) : `${count} found`} ignored: ${reason}`,
  )
  return { counted, notCounted }
}

/** A glob over absolute paths: `*` within a name, `**` over folders; a folder stands for all below it. */
export function pathMatches(glob: string, path: string): boolean {
  let pattern = compiled.get(glob)
  if (!pattern) {
    const text = glob.replace(/^\/+/, '').replace(/\/+$/, '')
    pattern = compilePatterns([{ text, negated: false }])
    compiled.set(glob, pattern)
  }
  return pattern.excludes(path.replace(/^\//, ''))
}

/** A policy file has a handful of globs, and an image ten thousand files for each. */
const compiled = new Map<string, PatternSet>()
