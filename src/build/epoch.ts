import { Fault, type Place } from '../base/index.ts'

/**
 * SOURCE_DATE_EPOCH: seconds since 1970, or nothing when it is empty.
 * @throws Fault EPOCH_INVALID
 */
export function parseEpoch(text: string | undefined, at?: Place): number | null {
  if (text === undefined || text === '') return null
  const seconds = /^\d{1,12}$/.test(text) ? Number(text) : Number.NaN
  if (Number.isSafeInteger(seconds)) return seconds
  throw new Fault('EPOCH_INVALID', `invalid SOURCE_DATE_EPOCH: ${text}`, {
    kind: 'invalid',
    at,
    hint: 'it is a number of seconds since 1970-01-01, for example the output of git log -1 --format=%ct',
  })
}

/** Seconds since 1970 as RFC 3339 in UTC; the calendar is computed here, because this folder has no clock. */
export function epochText(seconds: number): string {
  const days = Math.floor(seconds / 86_400)
  const rest = seconds - days * 86_400
  // Civil date of a day count (proleptic Gregorian), eras of 400 years counted from March.
  const shifted = days + 719_468
  const era = Math.floor(shifted / 146_097)
  const day = shifted - era * 146_097
  const year = Math.floor(
    (day - Math.floor(day / 1460) + Math.floor(day / 36_524) - Math.floor(day / 146_096)) / 365,
  )
  const ofYear = day - (365 * year + Math.floor(year / 4) - Math.floor(year / 100))
  const shift = Math.floor((5 * ofYear + 2) / 153)
  const month = shift < 10 ? shift + 3 : shift - 9
  const date = ofYear - Math.floor((153 * shift + 2) / 5) + 1
  const pad = (value: number, width = 2): string => String(value).padStart(width, '0')
  const time = [Math.floor(rest / 3600), Math.floor(rest / 60) % 60, rest % 60].map((part) =>
    pad(part),
  )
  return `${pad(year + era * 400 + (month <= 2 ? 1 : 0), 4)}-${pad(month)}-${pad(date)}T${time.join(':')}Z`
}
