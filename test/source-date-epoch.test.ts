import fc from 'fast-check'
import { expect, test } from 'vitest'
import { epochText, parseEpoch } from '../src/build/epoch.ts'

test('seconds become the text that the calendar of the platform gives', () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 253_402_300_799 }), (seconds) => {
      expect(epochText(seconds)).toBe(new Date(seconds * 1000).toISOString().replace('.000', ''))
    }),
  )
})

test('leap days and turns of centuries', () => {
  for (const text of ['2000-02-29T23:59:59Z', '2100-02-28T00:00:00Z', '1970-01-01T00:00:00Z'])
    expect(epochText(Date.parse(text) / 1000)).toBe(text)
})

test('what is no number of seconds is refused', () => {
  for (const text of ['today', '-1', '1.5', '0x10', '9'.repeat(30)])
    expect(() => parseEpoch(text), text).toThrow('invalid SOURCE_DATE_EPOCH')
  expect(parseEpoch('')).toBeNull()
  expect(parseEpoch(undefined)).toBeNull()
})
