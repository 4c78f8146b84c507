import type { PolicyKind } from '../define.ts'
import { matchesReference } from './runtime-base.ts'

const pins = ['none', 'tag', 'digest']

/** Which bases the runtime stage may have, and how exactly it must name one. */
export const baseImage: PolicyKind<{ readonly allow: 'texts?'; readonly pin: 'text?' }> = {
  options: { allow: 'texts?', pin: 'text?' },
  why: 'a reviewed base that cannot change under you',
  fix: 'name an allowed base, with a tag or a digest',
  slimFixes: false,
  refuse: ({ pin }) =>
    pin === null || pins.includes(pin) ? null : ['pin', `pin is one of ${pins.join(', ')}`],
  judge: ({ allow, pin }, { runtimeBase: base }) => {
    const wanted = [
      ...(allow === null ? [] : [`one of ${allow.join(', ')}`]),
      ...(pin === null || pin === 'none' ? [] : [`pinned by ${pin}`]),
    ]
    const common = { title: 'an allowed base', allowed: wanted.join(', ') || 'any' }
    if (base === null) return { ...common, status: 'skip', found: 'no Dockerfile', items: [] }
    const known = allow === null || allow.some((pattern) => matchesReference(pattern, base))
    const digest = base.includes('@sha256:')
    const tag = digest || /:[^/:@]+$/.test(base)
    const pinned =
      pin === 'digest' ? digest : pin === 'tag' ? tag && !base.endsWith(':latest') : true
    return {
      ...common,
      status: known && pinned ? 'pass' : 'fail',
      found: base,
      items: [{ what: `FROM ${base}` }],
    }
  },
}
