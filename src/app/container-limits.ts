import { Fault } from '../base/index.ts'
import { parseDuration } from '../dockerfile/index.ts'
import type { RunOptions } from '../engines/index.ts'

/** `-m` and `--cpus` as text. */
export type LimitFlags = {
  readonly memory?: string | undefined
  readonly cpus?: string | undefined
  readonly pids?: string | undefined
}

/** @throws Fault USAGE */
export function containerLimits(flags: LimitFlags): NonNullable<RunOptions['limits']> {
  return {
    memory: flags.memory === undefined ? null : binarySize(flags.memory),
    cpus: flags.cpus === undefined ? null : positive(flags.cpus, 'cpus'),
    // Docker's 0 and -1 are no limit.
    pids:
      flags.pids === undefined || /^(?:0|-1)$/.test(flags.pids)
        ? null
        : positive(flags.pids, 'pids-limit'),
  }
}

/** As units.RAMInBytes of Docker has it: `512m` is 512 MiB. @throws Fault USAGE */
export function binarySize(text: string): number {
  const [, digits, unit = ''] = /^(\d+(?:\.\d+)?)\s*([kmgt]?)(?:i?b)?$/i.exec(text.trim()) ?? []
  if (digits === undefined) throw usage(`invalid size: ${JSON.stringify(text)}`, 'e.g. 512m or 2g')
  return Math.round(Number(digits) * 1024 ** ['', 'k', 'm', 'g', 't'].indexOf(unit.toLowerCase()))
}

/** `--health-…` as text. */
export type HealthFlags = {
  readonly none: boolean
  readonly command?: string | undefined
  readonly interval?: string | undefined
  readonly timeout?: string | undefined
  readonly startPeriod?: string | undefined
  readonly startInterval?: string | undefined
  readonly retries?: string | undefined
}

/** Fields that lie over the image's own check; null for `--no-healthcheck`. @throws Fault USAGE */
export function containerHealthcheck(
  flags: HealthFlags,
): NonNullable<RunOptions['healthcheck']> | null {
  if (flags.none) return null
  const { command, retries } = flags
  const times = {
    Interval: flags.interval,
    Timeout: flags.timeout,
    StartPeriod: flags.startPeriod,
    StartInterval: flags.startInterval,
  }
  return {
    ...(command === undefined ? {} : { Test: ['CMD-SHELL', command] }),
    ...(retries === undefined ? {} : { Retries: positive(retries, 'health-retries') }),
    ...Object.fromEntries(
      Object.entries(times).flatMap(([field, text]) =>
        text === undefined ? [] : [[field, duration(text)] as const],
      ),
    ),
  }
}

function duration(text: string): number {
  const nanoseconds = parseDuration(text)
  if (nanoseconds !== null) return nanoseconds
  throw usage(`invalid duration: ${JSON.stringify(text)}`, 'e.g. 500ms, 30s or 1m30s')
}

function positive(text: string, what: string): number {
  const number = Number(text)
  if (number > 0 && Number.isFinite(number)) return number
  throw usage(`invalid --${what}: ${JSON.stringify(text)}`, 'it is a number above zero')
}

function usage(message: string, hint: string): Fault {
  return new Fault('USAGE', message, { kind: 'invalid', hint })
}
