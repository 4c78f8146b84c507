import { expect, test } from 'vitest'
import { compareJson } from './json.ts'
import { isNear } from './moments.ts'
import { compareText } from './text.ts'

test.each([
  ['iso-date', '2026-11-25T10:00:00Z', '2026-11-25T10:04:00Z', true],
  ['iso-date', '2026-12-31 23:59:59', '2027-01-01 00:00:10', true],
  ['iso-date', '2026-11-25T10:00:00', '2026-11-25T11:00:00', false],
  ['iso-date', '2026-11-25T10:00:00+01:00', '2026-11-25T10:00:01+00:00', false],
  ['iso-date', '2024-02-28T10:00:00Z', '2024-03-01T10:00:00Z', false],
  ['http-date', 'Wed, 25 Nov 2026 10:00:00 GMT', 'Wed, 25 Nov 2026 10:00:09 GMT', true],
  ['http-date', 'Wed, 25 Nov 2026 10:00:00 GMT', 'Wed, 25 Nov 2025 10:00:00 GMT', false],
  ['log-date', '25/Nov/2026:10:00:00 +0000', '25/Nov/2026:10:00:01 +0000', true],
  ['log-date', '25/Nov/2026:10:00:00 +0000', '25/Oct/2026:10:00:00 +0000', false],
  ['asctime', 'Wed Nov 25 10:00:00 2026', 'Wed Nov 25 10:01:00 2026', true],
  ['asctime', 'Wed Nov 25 10:00:00 2026', 'Tue Nov 24 10:00:00 2026', false],
  ['time', '23:59:59', '00:00:03', true],
  ['time', '10:00:00', '11:00:00', false],
  ['epoch', '1795600000', '1795600003', true],
  ['epoch', '1795600000123', '1795600003456', true],
  ['epoch', '1795600000', '1795690000', false],
] as const)('%s: %s and %s may be one clock: %s', (rule, a, b, near) => {
  expect(isNear(rule, a, b)).toBe(near)
})

test('a masked value that fat repeats is a doubt, one that fat itself changes is none', () => {
  const [one, two, three] = [1, 2, 3].map((n) => `id 9f1c2d3e-0000-4000-8000-00000000000${n}`)
  expect(compareText(one ?? '', two ?? '', [one ?? ''])).toMatchObject({
    kind: 'masked',
    doubts: [{ fat: one?.slice(3), lean: two?.slice(3) }],
  })
  expect(compareText(one ?? '', two ?? '', [three ?? ''])).toMatchObject({ doubts: [] })
})

test('another time zone is a doubt although fat gives another second each time', () => {
  const at = (time: string): { now: string } => ({ now: `2026-11-25T${time}` })
  expect(compareJson(at('11:00:00'), at('10:00:01'), [at('11:00:02')])).toMatchObject({
    doubts: [{ fat: '2026-11-25T11:00:00' }],
  })
  expect(compareJson(at('11:00:00'), at('11:00:01'), [at('11:00:02')])).toMatchObject({
    kind: 'masked',
    doubts: [],
  })
})

test('words in another order are equal only when fat orders them anew as well', () => {
  expect(compareText('a b c', 'c a b', ['b c a'])).toMatchObject({ kind: 'masked' })
  expect(compareText('a b c', 'c a b', ['a b c'])).toMatchObject({ kind: 'different' })
  expect(compareText('a b c', 'c a d', ['b c a'])).not.toMatchObject({ kind: 'masked' })
})
