import { Fault } from '../base/index.ts'

/** Docker's `--filter NAME=VALUE`s: the values of each name. */
export type Filters = ReadonlyMap<string, readonly string[]>

/** @param known names that the command has @throws Fault USAGE */
export function parseFilters(texts: readonly string[], known: readonly string[]): Filters {
  const filters = new Map<string, string[]>()
  for (const text of texts) {
    const at = text.indexOf('=')
    if (at < 0)
      throw badFilter(`bad format of filter ${JSON.stringify(text)} (expected name=value)`, known)
    const name = text.slice(0, at).trim().toLowerCase()
    if (!known.includes(name)) throw badFilter(`invalid filter '${name}'`, known)
    filters.set(name, [...(filters.get(name) ?? []), text.slice(at + 1).trim()])
  }
  return filters
}

function badFilter(message: string, known: readonly string[]): Fault {
  return new Fault('USAGE', message, { kind: 'invalid', hint: `filters are ${known.join(', ')}` })
}

/** One of the values when the filter was given, else undefined. @throws Fault USAGE for another value */
export function chosen<const T extends string>(
  filters: Filters,
  name: string,
  values: readonly T[],
): readonly T[] | undefined {
  const given = filters.get(name)
  return given?.map((value) => {
    const found = values.find((known) => known === value)
    if (found !== undefined) return found
    throw new Fault('USAGE', `invalid filter '${name}=${value}'`, {
      kind: 'invalid',
      hint: `it is one of ${values.join(', ')}`,
    })
  })
}

/** `dangling=true` and its like. @throws Fault USAGE */
export function chosenBool(filters: Filters, name: string): boolean | undefined {
  const values = chosen(filters, name, ['true', 'false', '1', '0'])
  return values && (values.includes('true') || values.includes('1'))
}

/** Every `label=KEY[=VALUE]` holds, and no `label!=KEY[=VALUE]` does. */
export function hasLabels(
  filters: Filters,
  labels: Readonly<Record<string, string>> | undefined,
): boolean {
  const holds = (wanted: string): boolean => {
    const at = wanted.indexOf('=')
    const key = at < 0 ? wanted : wanted.slice(0, at)
    const value = labels && Object.hasOwn(labels, key) ? labels[key] : undefined
    return value !== undefined && (at < 0 || value === wanted.slice(at + 1))
  }
  return (filters.get('label') ?? []).every(holds) && !(filters.get('label!') ?? []).some(holds)
}

/**
 * A moment as Docker's flags have it: RFC 3339, a date with or without a time (of this machine's zone), seconds since
 * 1970, or how long ago (`10m`, `1h30m`). @returns milliseconds since 1970 @throws Fault USAGE
 */
export function momentOf(text: string, now: number): number {
  const ago = durationMs(text)
  if (ago !== undefined) return now - ago
  if (/^\d+(?:\.\d+)?$/.test(text)) return Number(text) * 1000
  if (/^\d{4}-\d\d-\d\d(?:T\d\d(?::\d\d(?::\d\d(?:\.\d+)?)?)?(?:Z|[+-]\d\d:\d\d)?)?$/.test(text)) {
    const time = Date.parse(fullTime(text))
    if (!Number.isNaN(time)) return time
  }
  throw new Fault('USAGE', `${JSON.stringify(text)} is no time`, {
    kind: 'invalid',
    hint: 'write 2026-01-31T12:00:00Z, 2026-01-31, seconds since 1970, or how long ago: 10m, 1h30m',
  })
}

/** A date alone would be read as UTC, and an hour alone not at all. */
function fullTime(text: string): string {
  const [date = '', time = '00:00'] = text.split('T')
  return `${date}T${/^\d\d(?:Z|[+-]|$)/.test(time) ? time.replace(/^\d\d/, '$&:00') : time}`
}

const units: Readonly<Record<string, number>> = {
  ...{ h: 3_600_000, m: 60_000, s: 1000, ms: 1 },
  ...{ us: 1e-3, µs: 1e-3, ns: 1e-6 },
}

/** Go's durations, undefined for anything else. */
function durationMs(text: string): number | undefined {
  const parts = [...text.matchAll(/(\d+(?:\.\d+)?)(ms|us|µs|ns|h|m|s)/g)]
  if (parts.length === 0 || parts.map(([all]) => all).join('') !== text) return undefined
  return parts.reduce((sum, [, count, unit]) => sum + Number(count) * (units[unit ?? ''] ?? 0), 0)
}
