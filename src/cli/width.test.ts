import { expect, test } from 'vitest'
import { cutTo, displayWidth, padTo } from './width.ts'

test('wide characters take two cells, marks and colours none', () => {
  expect(displayWidth('日本 a')).toBe(6)
  expect(displayWidth('e\u0301')).toBe(1)
  expect(displayWidth('\u001b[31mred\u001b[0m')).toBe(3)
})

test.each(['日本語の文字', 'plain text here', 'mixed 日本 text', '✔ ◌ ●'])(
  '%s is cut to the room that there is, and filled up to it',
  (text) => {
    for (let cells = 2; cells < 20; cells++) {
      const cut = cutTo(text, cells)
      expect(displayWidth(cut)).toBeLessThanOrEqual(cells)
      expect(cut === text).toBe(displayWidth(text) <= cells)
      expect(displayWidth(padTo(cut, cells))).toBe(cells)
      expect(displayWidth(padTo(cut, cells, 'left'))).toBe(cells)
    }
  },
)
