import { withScope } from '../../base/index.ts'
import { logRules, normalise, type Rule } from '../compare/index.ts'
import type { Subject } from '../ports.ts'
import { type Launched, type Readiness, startContainer, waitReady } from './launch.ts'
import type { ObserveInput } from './observe.ts'

/** Lines, as they were logged, that one side starts with and the other never says. */
export type FirstLines = {
  readonly onlyFat: readonly string[]
  readonly onlyLean: readonly string[]
}

type Started = {
  readonly launched: Launched
  /** Until it was ready, before the first question. */
  readonly first: string
  /** To its end. */
  readonly log: string
}

/** So many lines are the start; what follows may depend on who asked what. */
const firstLines = 30
/** A line that is printed right after the port was opened is waited for this long, milliseconds. */
const settleMs = 300

// Numbers of processes in parentheses, as gunicorn and nginx print them.
const rules: readonly Rule[] = [...logRules, { id: 'pid', pattern: /\(\d{1,7}\)/g }]

/**
 * Compares what both apps log when they start, without times, process numbers and ports. A line counts when a second
 * process of the same image logs it too and no process of the other one ever does, so nothing that varies counts.
 */
export async function compareFirstLines(
  { fat, lean }: { readonly fat: Started; readonly lean: Started },
  input: ObserveInput,
  readiness: Readiness,
): Promise<FirstLines> {
  const none = { onlyFat: [], onlyLean: [] }
  if (!runs(fat) || !runs(lean)) return none
  const onlyFat = missing(fat.first, lean.log)
  const onlyLean = missing(lean.first, fat.log)
  if (onlyFat.length === 0 && onlyLean.length === 0) return none
  const [fatAgain, leanAgain] = await Promise.all([
    secondLog(input.fat, input, readiness),
    secondLog(input.lean, input, readiness),
  ])
  const lasting = (lines: readonly string[], own: string, other: string): readonly string[] =>
    lines.filter((line) => linesOf(own).has(bare(line)) && !linesOf(other).has(bare(line)))
  return {
    onlyFat: lasting(onlyFat, fatAgain, leanAgain),
    onlyLean: lasting(onlyLean, leanAgain, fatAgain),
  }
}

function runs({ launched }: Started): boolean {
  return launched.kind === 'ready' || launched.kind === 'silent'
}

function missing(first: string, log: string): readonly string[] {
  const known = linesOf(unmixed(log, linesOf(first)).join('\n'))
  const lines = unmixed(first, linesOf(log)).slice(0, firstLines)
  return lines.filter((line) => line.trim() !== '' && !known.has(bare(line)))
}

/** Longer lines are not looked at: every place of them would be tried. */
const longestMixed = 1_000

/**
 * The lines of a log in which two programs write at once: a line that stands within another one is taken out of it,
 * where both of them are known as whole lines. `nc: Waiting…`, `no such host` are `Waiting…` and `nc: no such host`.
 */
export function unmixed(log: string, known: ReadonlySet<string>): readonly string[] {
  const lines = log.split('\n')
  const out: string[] = []
  for (let at = 0; at < lines.length; at += 1) {
    const [line = '', next] = lines.slice(at, at + 2)
    const parts = next === undefined || known.has(bare(line)) ? undefined : apart(line, next, known)
    out.push(...(parts ?? [line]))
    if (parts) at += 1
  }
  return out
}

function apart(
  line: string,
  next: string,
  known: ReadonlySet<string>,
): readonly string[] | undefined {
  if (line.length > longestMixed) return undefined
  for (let at = 1; at < line.length; at += 1) {
    const [inner, outer] = [line.slice(at), line.slice(0, at) + next]
    if (inner.trim() !== '' && known.has(bare(inner)) && known.has(bare(outer)))
      return [inner, outer]
  }
  return undefined
}

function linesOf(log: string): ReadonlySet<string> {
  return new Set(log.split('\n').map(bare))
}

function bare(line: string): string {
  return normalise(line.trim(), rules).text
}

function secondLog(
  subject: Subject,
  { runner, clock, signal }: ObserveInput,
  readiness: Readiness,
): Promise<string> {
  return withScope(async (scope) => {
    const container = await startContainer(runner, subject, signal)
    if ('reason' in container) return ''
    scope.add(container, async (running) => {
      await running.stop({ signal: 'SIGKILL', graceMs: 1_000 })
    })
    await waitReady(container, readiness, clock, signal)
    await clock.sleep(settleMs, signal)
    return container.logs()
  })
}
