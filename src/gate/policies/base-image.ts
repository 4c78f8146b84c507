import type { PolicyKind } from '../define.ts'
import { matchesReference } from './runtime-base.ts'

const pins = ['none', 'tag', 'digest']

/** Which bases the runtime stage may have, and how exactly it must name one. */
export const baseImage: PolicyKind<{
  readonly allow: 'texts?'
  readonly pin: 'text?'
  readonly 'max-age-days': 'count?'
}> = {
  options: { allow: 'texts?', pin: 'text?', 'max-age-days': 'count?' },
  why: 'a reviewed base that cannot change under you',
  fix: 'name an allowed base, with a tag or a digest',
  slimFixes: false,
  refuse: ({ allow, pin, 'max-age-days': days }) => {
    if (pin !== null && !pins.includes(pin)) return ['pin', `pin is one of ${pins.join(', ')}`]
    return allow === null && days === null && (pin === null || pin === 'none')
      ? ['allow', 'base-image needs allow, pin or max-age-days']
      : null
  },
  judge: ({ allow, pin, 'max-age-days': days }, { runtimeBase: base, image, today }) => {
    const wanted = [
      ...(allow === null ? [] : [`one of ${allow.join(', ')}`]),
      ...(pin === null || pin === 'none' ? [] : [`pinned by ${pin}`]),
      ...(days === null ? [] : [`at most ${days} days old`]),
    ]
    const common = { title: 'an allowed base', allowed: wanted.join(', ') || 'any' }
    if (base === null) return { ...common, status: 'skip', found: 'no Dockerfile', items: [] }
    const date = image?.baseDate ?? null
    if (days !== null && date === null)
      return {
        ...common,
        status: 'skip',
        found: `${base} does not say when it was made`,
        items: [],
      }
    const known = allow === null || allow.some((pattern) => matchesReference(pattern, base))
    const digest = base.includes('@sha256:')
    const tag = digest || /:[^/:@]+$/.test(base)
    const pinned =
      pin === 'digest' ? digest : pin === 'tag' ? tag && !base.endsWith(':latest') : true
    const young = date === null || days === null || daysBetween(date, today) <= days
    return {
      ...common,
      status: known && pinned && young ? 'pass' : 'fail',
      found: days === null ? base : `${base}, made on ${date}`,
      items: [{ what: `FROM ${base}` }],
    }
  },
}

/** Of two days as `YYYY-MM-DD`: the Julian day number of each (Fliegel and Van Flandern), which needs no clock. */
function daysBetween(from: string, to: string): number {
  const number = (day: string): number => {
    const [year = 0, month = 0, date = 0] = day.split('-').map(Number)
    const shift = Math.trunc((month - 14) / 12)
    return (
      Math.trunc((1461 * (year + 4800 + shift)) / 4) +
      Math.trunc((367 * (month - 2 - 12 * shift)) / 12) -
      Math.trunc((3 * Math.trunc((year + 4900 + shift) / 100)) / 4) +
      date
    )
  }
  return number(to) - number(from)
}
