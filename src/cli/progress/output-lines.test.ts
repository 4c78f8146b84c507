import { expect, test } from 'vitest'
import { outputLines } from './output-lines.ts'

const text = 'Building: 日本\n\u001b[31mred\u001b[0m\n10%\r50%\r100%\n\tcat: no\r\n\nlast'
const shown = ['Building: 日本', 'red', '100%', '    cat: no', '']

test('lines are the same whatever pieces they come in', () => {
  const bytes = Buffer.from(text)
  for (let size = 1; size <= bytes.length; size++) {
    const lines = outputLines()
    const found: string[] = []
    for (let at = 0; at < bytes.length; at += size)
      found.push(...lines.take(bytes.subarray(at, at + size)))
    expect(found).toEqual(shown)
    expect(lines.rest()).toBe('last')
  }
})

test('what is being rewritten is what was written last', () => {
  const lines = outputLines()
  const rests = ['1/5\r', '2/5\r', '3', '/5'].map((piece) => {
    expect(lines.take(Buffer.from(piece))).toEqual([])
    return lines.rest()
  })
  expect(rests).toEqual(['1/5', '2/5', '3', '3/5'])
})
