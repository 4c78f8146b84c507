import { positionAt, type Range, type Source } from '../base/index.ts'
import type { Dockerfile } from '../dockerfile/index.ts'
import { commentsOf } from '../lint/index.ts'
import { didYouMean, invalid, type Key } from './options.ts'
import type { Origin } from './origin.ts'
import { isPolicyId, policyIds } from './policy.ts'
import { mapping, optionalText, refuseOthers } from './read-value.ts'
import type { Ignore } from './types.ts'

/** One entry of the `ignore` list of a policy file. @throws Fault POLICY_INVALID */
export function ignoreOf(value: unknown, at: number, origin: Origin): Ignore {
  const key: Key = ['ignore', at]
  const one = mapping(value, key, origin)
  refuseOthers(one, ['policy', 'package', 'path', 'category', 'reason', 'until'], key, origin)
  const text = (name: string): string | null => optionalText(one, name, key, origin)
  const reason = text('reason')
  if (reason === null)
    throw invalid(origin, key, 'an ignore needs a reason', 'add reason: and why it may stay')
  const about = { package: text('package'), path: text('path'), category: text('category') }
  if (Object.values(about).every((part) => part === null))
    throw invalid(
      origin,
      key,
      'an ignore needs a package, a path or a category',
      'to leave out a whole policy, write it as POLICY: off',
    )
  const policy = text('policy')
  if (policy !== null) checkPolicy(policy, origin, [...key, 'policy'])
  const until = text('until')
  if (until !== null) checkDay(until, origin, [...key, 'until'])
  const subject = [about.package, about.path, about.category].filter((part) => part !== null)
  return {
    ...{ policy, ...about, reason, until, lines: null },
    where: `${origin.name}, ignore of ${subject.join(', ')}`,
  }
}

/**
 * Comments above an instruction that say what of it is not counted:
 * `# jettison ignore=POLICY[,POLICY] reason="…" [until=2027-03-31]`.
 * @throws Fault POLICY_INVALID
 */
export function inlineIgnores(source: Source, dockerfile: Dockerfile): readonly Ignore[] {
  const comments = commentsOf(dockerfile)
  return dockerfile.instructions.flatMap((instruction) =>
    (comments.get(instruction) ?? [])
      .filter((comment) => /^jettison\s+ignore\s*=/.test(comment))
      .flatMap((comment) => fromComment(comment, instruction.range, source)),
  )
}

function fromComment(comment: string, range: Range, source: Source): readonly Ignore[] {
  const line = positionAt(source.text, range.start).line
  const origin: Origin = { name: `${source.name}:${line}`, place: () => ({ source, range }) }
  const words = [...comment.matchAll(/(\w+)\s*=\s*("[^"]*"|'[^']*'|\S+)/g)]
  const given = new Map(
    words.map(([, name = '', value = '']) => [name, value.replace(/^(["'])(.*)\1$/, '$2')]),
  )
  refuseOthers(Object.fromEntries(given), ['ignore', 'reason', 'until'], [], origin)
  const reason = given.get('reason') ?? ''
  if (reason === '')
    throw invalid(origin, [], 'an ignore needs a reason', 'write it as reason="why it may stay"')
  const until = given.get('until') ?? null
  if (until !== null) checkDay(until, origin, [])
  const lines = [line, positionAt(source.text, range.end).line] as const
  return (given.get('ignore') ?? '').split(',').map((policy) => {
    checkPolicy(policy, origin, [])
    return {
      ...{ policy, package: null, path: null, category: null, reason, until, lines },
      where: `the ignore above ${source.name}:${line}`,
    }
  })
}

function checkPolicy(policy: string, origin: Origin, key: Key): void {
  if (!isPolicyId(policy))
    throw invalid(
      origin,
      key,
      `unknown policy ${policy}`,
      didYouMean(policy, policyIds, 'known policies:'),
    )
}

function checkDay(day: string, origin: Origin, key: Key): void {
  if (!/^\d{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\d|3[01])$/.test(day))
    throw invalid(origin, key, `${day} is no day`, 'write it as "2027-03-31"')
}
