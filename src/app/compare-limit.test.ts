import { expect, test } from 'vitest'
import type { Compared, Comparison } from './compare.ts'
import { parseLimit, passed } from './compare-limit.ts'

const side = (size: number, layers: number): Compared => ({
  ...{ name: 'x', id: 'sha256:x', size, visible: size, compressed: null, layers },
  ...{ packages: 7, ballast: 0 },
})

function compared(before: Compared, after: Compared): Comparison {
  return {
    before,
    after,
    categories: [],
    changes: [],
    moves: [],
    added: [],
    removed: [],
    config: [],
  }
}

const grown = compared(side(100e6, 4), side(105e6, 6))

test.each([
  ['delta.size > 4MB', 'delta.size is 5MB'],
  ['delta.unpacked>=5MB', 'delta.size is 5MB'],
  ['delta.size > 5MB', undefined],
  ['delta.size > 4.9%', 'delta.size is 5.0 %'],
  ['delta.size > 5 %', undefined],
  ['delta.size > -1MB', 'delta.size is 5MB'],
  ['after.layers > 5', 'after.layers is 6'],
  ['before.layers > 5', undefined],
  ['delta.packages > 0', undefined],
  ['after.size <= 105MB', 'after.size is 105MB'],
  ['delta.ballast > 10%', undefined],
])('%s', (text, said) => {
  expect(passed(grown, parseLimit(text))).toBe(said)
})

test('anything is more than every share of nothing', () => {
  const limit = parseLimit('delta.size > 1000%')
  expect(passed(compared(side(0, 1), side(1, 1)), limit)).toContain('more than any')
})

test.each([
  '',
  'size > 5MB',
  'delta.weight > 5MB',
  'delta.size = 5MB',
  'after.size > 5%',
  'delta.layers > 5MB',
  'delta.size > 5XB',
  'delta.size > five',
])('%j is refused', (text) => {
  expect(() => parseLimit(text)).toThrow(expect.objectContaining({ code: 'USAGE' }))
})
