import { expect, test } from 'vitest'
import { unmixed } from './first-lines.ts'

const known = new Set(['nc: no such host', 'Waiting...'])

test('a line within another one is taken out of it where both are known', () => {
  expect(unmixed('nc: Waiting...\nno such host\nWaiting...', known)).toEqual([
    'Waiting...',
    'nc: no such host',
    'Waiting...',
  ])
})

test.each(['ERROR: Waiting...\nno such host', 'nc: Waiting...\nno such file', 'nc: Waiting...'])(
  'what is not made of known lines stays: %j',
  (log) => {
    expect(unmixed(log, known)).toEqual(log.split('\n'))
  },
)
