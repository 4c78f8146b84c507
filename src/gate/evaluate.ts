import { positionAt } from '../base/index.ts'
import { ignoredBy, isInForce } from './ignore.ts'
import { inlineIgnores } from './parse-ignore.ts'
import { kindOf, type Policy } from './policy.ts'
import type { Examined, GateInput, GateResult, Ignore, Item, PolicyResult } from './types.ts'

/**
 * Judges every policy. A gate with no policy, or with one that examined nothing, does not pass; a warning never fails
 * it.
 * @throws Fault POLICY_INVALID for a comment of the Dockerfile that is a wrong ignore
 */
export function evaluate(policies: readonly Policy[], given: GateInput): GateResult {
  const { dockerfile } = given
  const inline = dockerfile ? inlineIgnores(dockerfile.source, dockerfile.value) : []
  const input = { ...given, ignore: [...given.ignore, ...inline] }
  const met = new Set<Ignore>()
  const examined: Examined = { ...input, ignoredBy: ignoredBy(input, (one) => met.add(one)) }
  const results = policies.map((policy) => judge(policy, examined))
  const strict = results.filter(({ level }) => level === 'error')
  const failed = strict.some(({ status }) => status === 'fail')
  const skipped = results.length === 0 || strict.some(({ status }) => status === 'skip')
  const warnings = input.ignore.flatMap((one) => warningOf(one, met, results, input.today) ?? [])
  return { results, warnings, pass: !failed && !skipped, undecided: !failed && skipped }
}

/** An ignore that is over, or that nothing needs any more: both are to be taken out. */
function warningOf(
  one: Ignore,
  met: ReadonlySet<Ignore>,
  results: readonly PolicyResult[],
  today: string,
): string | null {
  if (!isInForce(one, today))
    return `${one.where} ended on ${one.until} and counts no more: ${one.reason}`
  const judged = results.filter(({ id }) => one.policy === null || one.policy === id)
  // What was not judged, or could not be, says nothing about the ignore.
  if (met.has(one) || judged.every(({ status }) => status === 'skip')) return null
  return `${one.where} meets nothing and can go: ${one.reason}`
}

function judge(policy: Policy, input: Examined): PolicyResult {
  const { id, level = 'error', ...options } = policy
  const { why, fix, judge: examine } = kindOf(id)
  const found = examine(options, input)
  const line = lineOf(found.items, input)
  return {
    ...{ id, title: found.title, level, status: found.status },
    ...{ found: found.found, allowed: found.allowed, items: found.items, why },
    notCounted: found.notCounted ?? [],
    fix: found.fix ?? (found.status === 'skip' ? missing(found.found) : fix),
    evidence: found.items.map(({ what }) => what),
    line,
    endLine: endOf(line, input),
  }
}

/** What would let a policy examine something. */
function missing(found: string): string {
  if (found.startsWith('no Dockerfile')) return 'name it with -f FILE'
  if (found === 'no baseline') return 'add baseline: to jettison.yaml; --update-baseline writes it'
  return 'give it what it lacks, make it a warning, or leave it out: off'
}

/** The line of the first item that has one, else of the layer that the first one is in, else of the last FROM. */
function lineOf(items: readonly Item[], { image, dockerfile }: GateInput): number | null {
  const given = items.find(({ line }) => line !== undefined)?.line
  if (given !== undefined) return given
  const layer = items.find((item) => item.layer !== undefined)?.layer
  const made = layer === undefined ? null : (image?.weight().layers[layer]?.line ?? null)
  if (made !== null) return made
  const from = dockerfile?.value.instructions.findLast(({ kind }) => kind === 'from')
  if (!dockerfile || !from) return null
  return positionAt(dockerfile.source.text, from.range.start).line
}

/** The last line of the instruction that a line is in. */
function endOf(line: number | null, { dockerfile }: GateInput): number | null {
  if (line === null || !dockerfile) return line
  const { text } = dockerfile.source
  const lines = dockerfile.value.instructions.map(({ range }) => ({
    start: positionAt(text, range.start).line,
    end: positionAt(text, range.end).line,
  }))
  return lines.find(({ start, end }) => start <= line && line <= end)?.end ?? line
}
