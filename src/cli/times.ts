/** `2 minutes ago`, as units.HumanDuration of Docker has it. */
export function ago(then: string | null | undefined, now: number): string {
  if (!then) return 'N/A'
  const seconds = Math.max(0, Math.floor((now - Date.parse(then)) / 1000))
  return `${humanDuration(seconds)} ago`
}

export function humanDuration(seconds: number): string {
  const minutes = Math.floor(seconds / 60)
  const hours = Math.round(seconds / 3600)
  if (seconds < 1) return 'Less than a second'
  if (seconds === 1) return '1 second'
  if (seconds < 60) return `${seconds} seconds`
  if (minutes === 1) return 'About a minute'
  if (minutes < 60) return `${minutes} minutes`
  if (hours === 1) return 'About an hour'
  if (hours < 48) return `${hours} hours`
  if (hours < 24 * 7 * 2) return `${Math.floor(hours / 24)} days`
  if (hours < 24 * 30 * 2) return `${Math.floor(hours / 24 / 7)} weeks`
  if (hours < 24 * 365 * 2) return `${Math.floor(hours / 24 / 30)} months`
  return `${Math.floor(hours / 24 / 365)} years`
}

/** `2026-01-31 13:00:00 +0100 CET`, in this machine's zone, as Go shows a time. Empty without one. */
export function zonedTime(then: string | null | undefined): string {
  const at = parts(then)
  return at ? `${at.date} ${at.time} ${at.offset.replace(':', '')} ${at.zone}` : ''
}

/** RFC 3339 to the second, in this machine's zone. Empty without a time. */
export function secondsTime(then: string | null | undefined): string {
  const at = parts(then)
  if (!at) return ''
  return `${at.date}T${at.time}${at.offset === '+00:00' ? 'Z' : at.offset}`
}

function parts(
  then: string | null | undefined,
):
  | { readonly date: string; readonly time: string; readonly offset: string; readonly zone: string }
  | undefined {
  const time = then ? Date.parse(then) : Number.NaN
  if (Number.isNaN(time)) return undefined
  const east = -new Date(time).getTimezoneOffset()
  const [date = '', clock = ''] = new Date(time + east * 60_000).toISOString().split('T')
  const two = (count: number): string => String(Math.trunc(count)).padStart(2, '0')
  const names = new Intl.DateTimeFormat('en-US', { timeZoneName: 'short' }).formatToParts(time)
  return {
    date,
    time: clock.slice(0, 8),
    offset: `${east < 0 ? '-' : '+'}${two(Math.abs(east) / 60)}:${two(Math.abs(east) % 60)}`,
    zone: names.find(({ type }) => type === 'timeZoneName')?.value ?? '',
  }
}
