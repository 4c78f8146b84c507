import fc from 'fast-check'
import { expect, test } from 'vitest'
import { isFault } from '../base/index.ts'
import { applyEdits } from './edits.ts'
import type { Edit } from './types.ts'

const edit = (start: number, end: number, text: string): Edit => ({ range: { start, end }, text })

function codeOf(edits: readonly Edit[]): string {
  try {
    return applyEdits('0123456789', edits)
  } catch (error) {
    if (isFault(error)) return `${error.code} ${error.kind}`
    throw error
  }
}

test.each([
  ['nothing', [], '0123456789'],
  ['a replacement', [edit(2, 4, 'x')], '01x456789'],
  ['touching', [edit(2, 4, 'x'), edit(4, 6, 'y')], '01xy6789'],
  ['an insertion before a replacement', [edit(2, 4, 'x'), edit(2, 2, 'i')], '01ix456789'],
  ['an insertion after a replacement', [edit(4, 4, 'i'), edit(2, 4, 'x')], '01xi456789'],
  ['both ends', [edit(10, 10, '>'), edit(0, 0, '<')], '<0123456789>'],
  ['overlapping', [edit(2, 5, 'x'), edit(4, 6, 'y')], 'EDIT_OVERLAP internal'],
  ['an insertion inside', [edit(2, 5, 'x'), edit(3, 3, 'y')], 'EDIT_OVERLAP internal'],
  ['two insertions at one place', [edit(3, 3, 'x'), edit(3, 3, 'y')], 'EDIT_OVERLAP internal'],
  ['the same twice', [edit(3, 4, 'x'), edit(3, 4, 'x')], 'EDIT_OVERLAP internal'],
  ['outside', [edit(9, 11, 'x')], 'EDIT_OUT_OF_RANGE internal'],
  ['backwards', [edit(5, 4, 'x')], 'EDIT_OUT_OF_RANGE internal'],
])('%s', (_name, edits, expected) => {
  expect(codeOf(edits)).toBe(expected)
})

test('the order of the list does not matter, and untouched text stays', () => {
  const cuts = fc.uniqueArray(fc.nat(60), { minLength: 2, maxLength: 12 })
  fc.assert(
    fc.property(
      fc.string({ minLength: 61, maxLength: 61 }),
      cuts,
      fc.func(fc.nat()),
      (text, at, order) => {
        const sorted = at.toSorted((a, b) => a - b)
        const edits = sorted.slice(1).flatMap((end, i) => {
          const start = sorted[i] ?? 0
          return i % 2 === 0 ? [edit(start, end, `<${i}>`)] : []
        })
        const expected = [...edits]
          .reverse()
          .reduce(
            (now, { range, text: put }) => now.slice(0, range.start) + put + now.slice(range.end),
            text,
          )
        const shuffled = edits.toSorted((a, b) => order(a) - order(b))
        expect(applyEdits(text, shuffled)).toBe(expected)
      },
    ),
  )
})
