import { expect, test } from 'vitest'
import { parseDuration } from './duration.ts'

test.each([
  ['0', 0],
  ['1ns', 1],
  ['1.5us', 1500],
  ['2µs', 2000],
  ['30s', 30e9],
  ['1h2m3.5s', 3_723.5e9],
  ['.5m', 30e9],
  ['-1ms', -1e6],
  ['+1s', 1e9],
  ['', null],
  ['3', null],
  ['s', null],
  ['1 s', null],
  ['1d', null],
  ['9999999h', null],
])('%j', (text, expected) => {
  expect(parseDuration(text)).toBe(expected)
})
