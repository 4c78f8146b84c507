const months = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec']

/** Rules whose matches are points in time. */
const ofClock: ReadonlySet<string> = new Set([
  'http-date',
  'log-date',
  'asctime',
  'iso-date',
  'time',
  'epoch',
])

/** Two runs that stand side by side see clocks this far apart at most, in seconds. */
const apart = 900

export function isClock(rule: string): boolean {
  return ofClock.has(rule)
}

/**
 * True when two matches of a clock rule may be one clock read twice: the same form, the same offset, and minutes apart.
 * Hours apart is another time zone, and days apart another value.
 */
export function isNear(rule: string, a: string, b: string): boolean {
  if (formOf(rule, a) !== formOf(rule, b)) return false
  const distance = Math.abs(secondsOf(rule, a) - secondsOf(rule, b))
  return distance <= apart || (rule === 'time' && distance >= 86_400 - apart)
}

/** What is not a digit or a name of a day or month, and the offset as it is written. */
function formOf(rule: string, text: string): string {
  if (rule === 'epoch') return String(text.replace(/\..*$/, '').length)
  const offset = /(?:Z|GMT|[A-Z]{3,4}|[+-]\d{2}:?\d{2})(?: \d{4})?$/.exec(text)?.[0] ?? ''
  return `${text.replace(/[A-Z][a-z]{2}/g, 'x').replace(/\d+/g, '0')}|${offset.replace(/ \d{4}$/, '')}`
}

/** Seconds since some midnight; the offset is left out, because both have the same. */
function secondsOf(rule: string, text: string): number {
  if (rule === 'epoch') {
    const value = Number(text)
    return value > 100_000_000_000 ? value / 1000 : value
  }
  const clock = /(\d{2}):(\d{2})(?::(\d{2}))?/.exec(text)
  const [hour, minute, second] = [1, 2, 3].map((at) => Number(clock?.[at] ?? 0))
  const ofDay = (hour ?? 0) * 3600 + (minute ?? 0) * 60 + (second ?? 0)
  if (rule === 'time') return ofDay
  return dayOf(text) * 86_400 + ofDay
}

/** Days since 1970 of the first date in the text (the civil calendar, counted from March). */
function dayOf(text: string): number {
  const iso = /(\d{4})[-/](\d{2})[-/](\d{2})/.exec(text)
  const name = months.findIndex((month) => new RegExp(`\\b${month}\\b`).test(text)) + 1
  const year = Number(iso?.[1] ?? /(?<![:\d+-])\d{4}(?!\d)/.exec(text)?.[0] ?? 1970)
  const month = Number(iso?.[2] ?? (name || 1))
  const day = Number(iso?.[3] ?? /(?<![:\d])\d{1,2}(?![:\d])/.exec(text)?.[0] ?? 1)
  const y = month <= 2 ? year - 1 : year
  const m = (month + 9) % 12
  return (
    365 * y +
    Math.floor(y / 4) -
    Math.floor(y / 100) +
    Math.floor(y / 400) +
    Math.floor((153 * m + 2) / 5) +
    day
  )
}
