import fc from 'fast-check'
import { expect, test } from 'vitest'
import { replacePattern, trimPattern } from './pattern.ts'

const value = fc.stringMatching(/^[ab\n*]{0,12}$/)
const pattern = fc.array(fc.constantFrom('a', 'b', '?', '*', '\\*', '\n'), { maxLength: 5 })

/** The same pattern as a regular expression, the way BuildKit does it. */
function expression(tokens: readonly string[], star: string): string {
  const known: Record<string, string> = { '?': '[^\\n]', '*': star, '\\*': '\\*' }
  return tokens.map((token) => known[token] ?? token).join('')
}

test('trimming agrees with regular expressions', () => {
  fc.assert(
    fc.property(value, pattern, (text, tokens) => {
      const written = tokens.join('')
      for (const longest of [false, true]) {
        const star = longest ? '[^\\n]*' : '[^\\n]*?'
        const start = new RegExp(`^(?:${expression(tokens, star)})`)
        expect(trimPattern(text, written, { end: 'start', longest })).toBe(text.replace(start, ''))
        // The end is matched backwards: shortest and longest count from there.
        const backwards = new RegExp(`^(?:${expression(tokens.toReversed(), star)})`)
        const reversed = [...text].reverse().join('').replace(backwards, '')
        const expected = [...reversed].reverse().join('')
        expect(trimPattern(text, written, { end: 'end', longest })).toBe(expected)
      }
    }),
    { numRuns: 2000 },
  )
})

test('replacing agrees with regular expressions', () => {
  fc.assert(
    fc.property(value, pattern, fc.boolean(), (text, tokens, all) => {
      const found = new RegExp(expression(tokens, '[^\\n]*'), all ? 'g' : '')
      // Go does not count an empty match right after a match; JavaScript does.
      let end = -1
      const expected = text.replace(found, (match, at: number) => {
        const skip = match === '' && at === end
        end = at + match.length
        return skip ? '' : 'X'
      })
      expect(replacePattern(text, tokens.join(''), { replacement: 'X', all })).toBe(expected)
    }),
    { numRuns: 2000 },
  )
})

test('only the characters that mean something can be escaped', () => {
  expect(trimPattern('a', '\\a', { end: 'start', longest: false })).toBeNull()
  expect(replacePattern('a', 'a\\', { replacement: '', all: false })).toBeNull()
  expect(trimPattern('a\\b}/', 'a\\\\b\\}\\/', { end: 'start', longest: false })).toBe('')
})
