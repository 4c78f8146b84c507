const units: Readonly<Record<string, number>> = {
  ns: 1,
  us: 1e3,
  µs: 1e3,
  μs: 1e3,
  ms: 1e6,
  s: 1e9,
  m: 60e9,
  h: 3600e9,
}

/**
 * Nanoseconds of a duration in Go's syntax (`30s`, `1h2m3.5s`, `-1ms`, `0`), null when it is none or does not fit in
 * 63 bits. Used by the flags of HEALTHCHECK.
 */
export function parseDuration(text: string): number | null {
  const match = /^([+-]?)(?:0|((?:(?:\d+(?:\.\d*)?|\.\d+)(?:ns|us|µs|μs|ms|s|m|h))+))$/u.exec(text)
  if (!match) return null
  let total = 0
  for (const part of (match[2] ?? '').matchAll(/(\d+(?:\.\d*)?|\.\d+)([a-zµμ]+)/gu))
    total += Number(part[1]) * (units[part[2] ?? ''] ?? 0)
  if (total >= 2 ** 63) return null
  return match[1] === '-' && total > 0 ? -Math.trunc(total) : Math.trunc(total)
}

/** Nanoseconds as Go's time.Duration prints them: `1m30s`, `500ms`, `0s`. */
export function formatDuration(nanoseconds: number): string {
  if (nanoseconds === 0) return '0s'
  if (nanoseconds < 1e3) return `${nanoseconds}ns`
  if (nanoseconds < 1e6) return `${nanoseconds / 1e3}µs`
  if (nanoseconds < 1e9) return `${nanoseconds / 1e6}ms`
  const seconds = nanoseconds / 1e9
  const hours = Math.floor(seconds / 3600)
  const minutes = Math.floor(seconds / 60) % 60
  const rest = Number((seconds - hours * 3600 - minutes * 60).toFixed(9))
  return `${hours > 0 ? `${hours}h` : ''}${seconds >= 60 ? `${minutes}m` : ''}${rest}s`
}
