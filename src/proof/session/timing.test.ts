import { expect, test } from 'vitest'
import { defaultTiming, type Timing, timingUnder } from './timing.ts'

const names = Object.keys(defaultTiming) as readonly (keyof Timing)[]

test('a machine with processors to spare changes nothing', () => {
  for (const crowding of [0, 0.3, 1]) expect(timingUnder(crowding)).toEqual(defaultTiming)
})

test.each(names)('%s grows with those who wait, and not without end', (name) => {
  expect(timingUnder(2)[name]).toBe(2 * defaultTiming[name])
  expect(timingUnder(3)[name]).toBeGreaterThan(timingUnder(2)[name])
  expect(timingUnder(1_000)[name]).toBe(timingUnder(500)[name])
})

test('a timer takes every bound: whole milliseconds, whatever the load', () => {
  for (let waiting = 0; waiting <= 60; waiting++)
    for (const bound of Object.values(timingUnder(1 + waiting / 17)))
      expect(bound).toSatisfy(Number.isInteger)
})
