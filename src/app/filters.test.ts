import { expect, test } from 'vitest'
import { hasLabels, momentOf, parseFilters } from './filters.ts'

test("a moment in each of Docker's forms", () => {
  const now = Date.parse('2026-01-31T12:00:00Z')
  expect(momentOf('1h30m', now)).toBe(now - 90 * 60_000)
  expect(momentOf('1.5h', now)).toBe(momentOf('1h30m', now))
  expect(momentOf('2026-01-31T12:00:00Z', 0)).toBe(now)
  expect(momentOf('2026-01-31T13:00:00.5+01:00', 0)).toBe(now + 500)
  expect(momentOf(String(now / 1000), 0)).toBe(now)
  const local = new Date(2026, 0, 31).getTime()
  expect(momentOf('2026-01-31', 0)).toBe(local)
  expect(momentOf('2026-01-31T00', 0)).toBe(local)
  expect(momentOf('2026-01-31T00:00', 0)).toBe(local)
})

test('labels that must be there, and those that must not', () => {
  const labels = { keep: 'yes', empty: '' }
  const holds = (...texts: readonly string[]): boolean =>
    hasLabels(parseFilters(texts, ['label', 'label!']), labels)
  expect([holds(), holds('label=keep'), holds('label=keep=yes', 'label=empty=')]).not.toContain(
    false,
  )
  expect([holds('label=keep=no'), holds('label!=keep'), holds('label=toString')]).not.toContain(
    true,
  )
  expect(holds('label!=keep=no', 'label!=other')).toBe(true)
})
