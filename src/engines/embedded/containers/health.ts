import { setTimeout as sleep } from 'node:timers/promises'
import type { Healthcheck } from '../../../image/index.ts'
import type { Health, HealthProbe } from './types.ts'

/** Docker's defaults and units: nanoseconds. */
const defaults = { Interval: 30e9, Timeout: 30e9, StartPeriod: 0, StartInterval: 5e9, Retries: 3 }
const logLength = 5
const outputBytes = 4096

/** What one run of the check gave. */
export type Checked = { readonly exitCode: number; readonly output: string }

export type HealthWork = {
  readonly check: Healthcheck
  /** Milliseconds since 1970. */
  readonly started: number
  /** Runs the check's command; the signal ends it. */
  readonly run: (argv: readonly string[], signal: AbortSignal) => Promise<Checked>
  readonly write: (health: Health) => void
  /** Fires when the container ends. */
  readonly signal: AbortSignal
}

/** The command of a check, null when there is none (`NONE`, or no Test at all). */
export function checkCommand(
  check: Healthcheck | null,
  shell: readonly string[] | undefined,
): readonly string[] | null {
  const [kind, ...words] = check?.Test ?? []
  if (kind === 'CMD' && words.length > 0) return words
  if (kind === 'CMD-SHELL') return [...(shell ?? ['/bin/sh', '-c']), words.join(' ')]
  return null
}

/** Runs the check again and again until the signal fires, as Docker's monitor does. */
export async function watchHealth(argv: readonly string[], work: HealthWork): Promise<void> {
  let health: Health = { status: 'starting', failingStreak: 0, log: [] }
  work.write(health)
  const check = settingsOf(work.check)
  try {
    for (;;) {
      const starting = health.status === 'starting' && Date.now() - work.started < check.startMs
      await sleep(starting ? check.startIntervalMs : check.intervalMs, undefined, {
        signal: work.signal,
      })
      health = judge(health, await probe(argv, work, check.timeoutMs), work.started, check)
      if (work.signal.aborted) return
      work.write(health)
    }
  } catch (error) {
    if (!work.signal.aborted) throw error
  }
}

type Settings = {
  readonly intervalMs: number
  readonly timeoutMs: number
  readonly startMs: number
  readonly startIntervalMs: number
  readonly retries: number
}

/** Zero means the default, as in the image's JSON. */
function settingsOf(check: Healthcheck): Settings {
  const ms = (nanoseconds: number | undefined, other: number): number =>
    (nanoseconds || other) / 1e6
  return {
    intervalMs: ms(check.Interval, defaults.Interval),
    timeoutMs: ms(check.Timeout, defaults.Timeout),
    startMs: ms(check.StartPeriod, defaults.StartPeriod),
    startIntervalMs: ms(check.StartInterval, defaults.StartInterval),
    retries: check.Retries || defaults.Retries,
  }
}

async function probe(
  argv: readonly string[],
  work: HealthWork,
  timeoutMs: number,
): Promise<HealthProbe> {
  const start = new Date().toISOString()
  const late = AbortSignal.timeout(timeoutMs)
  const ended = (result: Checked): HealthProbe => ({
    start,
    end: new Date().toISOString(),
    exitCode: result.exitCode,
    output: cut(result.output),
  })
  try {
    return ended(await work.run(argv, AbortSignal.any([late, work.signal])))
  } catch (error) {
    const seconds = timeoutMs / 1000
    if (late.aborted)
      return ended({ exitCode: -1, output: `Health check exceeded timeout (${seconds}s)` })
    return ended({ exitCode: -1, output: error instanceof Error ? error.message : String(error) })
  }
}

/** A failure before the start period is over counts only once the container has been healthy. */
function judge(health: Health, result: HealthProbe, started: number, check: Settings): Health {
  const log = [...health.log, result].slice(-logLength)
  if (result.exitCode === 0) return { status: 'healthy', failingStreak: 0, log }
  const early = health.status === 'starting' && Date.parse(result.start) - started < check.startMs
  if (early) return { ...health, log }
  const failingStreak = health.failingStreak + 1
  const status = failingStreak >= check.retries ? 'unhealthy' : health.status
  return { status, failingStreak, log }
}

function cut(text: string): string {
  const bytes = Buffer.from(text)
  return bytes.length <= outputBytes ? text : `${bytes.subarray(0, outputBytes).toString()}...`
}
