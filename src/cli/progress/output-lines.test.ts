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

test('output without any newline comes in pieces, all of it', () => {
  const lines = outputLines()
  const chunk = Buffer.alloc(50_000, 'x')
  const found = Array.from({ length: 20 }, () => lines.take(chunk)).flat()
  expect(found.length).toBeGreaterThan(1)
  expect([...found, lines.rest()].join('')).toBe('x'.repeat(20 * chunk.length))
})
