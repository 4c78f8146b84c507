import type { GateInput, Policy, PolicyResult } from '../types.ts'

/** Criterion 3: the app answers as it should. Bodies that are both JSON are compared as values. */
export function httpProbe(
  policy: Extract<Policy, { id: 'http-probe' }>,
  input: GateInput,
): PolicyResult {
  const wanted = `${policy.status}${policy.body === null ? '' : ` ${policy.body}`}`
  const common = {
    id: 'http-probe',
    title: `GET :${policy.port}${policy.path} answers`,
    allowed: wanted,
    why: 'a small image that does not answer is no image',
    fix: 'run it and read its log: jettison run IMAGE',
  } as const
  const answer = input.answers.get(policy)
  if (!answer) return { ...common, status: 'skip', found: 'not run', evidence: [] }
  if (answer.kind === 'none')
    return { ...common, status: 'fail', found: 'no answer', evidence: [answer.reason] }
  const same = policy.body === null || sameBody(answer.body, policy.body)
  return {
    ...common,
    status: answer.status === policy.status && same ? 'pass' : 'fail',
    found: `${answer.status} ${answer.body.trim().slice(0, 200)}`,
    evidence: [],
  }
}

function sameBody(found: string, wanted: string): boolean {
  if (found.trim() === wanted.trim()) return true
  try {
    return stable(JSON.parse(found)) === stable(JSON.parse(wanted))
  } catch {
    return false
  }
}

function stable(value: unknown): string {
  return JSON.stringify(value, (_key, item: unknown) =>
    item !== null && typeof item === 'object' && !Array.isArray(item)
      ? Object.fromEntries(Object.entries(item).sort(([a], [b]) => (a < b ? -1 : 1)))
      : item,
  )
}
