import { expect, test } from 'vitest'
import { humanDuration, secondsTime, zonedTime } from './times.ts'

test("Docker's words for a duration", () => {
  const words = [0, 1, 59, 60, 119, 120, 3599, 3600, 86_400, 15 * 86_400].map(humanDuration)
  expect(words).toEqual([
    ...['Less than a second', '1 second', '59 seconds', 'About a minute', 'About a minute'],
    ...['2 minutes', '59 minutes', 'About an hour', '24 hours', '2 weeks'],
  ])
})

test('a time as Go shows it names the same moment, to the second', () => {
  const then = '2026-01-31T12:34:56.789Z'
  const whole = Date.parse(then.replace('.789', ''))
  expect(Date.parse(secondsTime(then))).toBe(whole)
  const [, date, time, offset] = /^(\S+) (\S+) ([+-]\d{4}) \S+$/.exec(zonedTime(then)) ?? []
  expect(Date.parse(`${date}T${time}${offset}`)).toBe(whole)
  expect([zonedTime(null), secondsTime(undefined), zonedTime('never')]).toEqual(['', '', ''])
})
