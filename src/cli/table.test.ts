import { expect, test } from 'vitest'
import { fitWidth, formatRows, humanDuration, table } from './table.ts'

test('columns are three blanks apart, and nothing trails', () => {
  expect(
    table(
      ['NAME', 'SIZE'],
      [
        ['a', '1kB'],
        ['longer', ''],
      ],
    ),
  ).toBe('NAME     SIZE\na        1kB\nlonger\n')
})

test('a line that is too wide is broken at a blank and indented; code and the unbreakable stay', () => {
  const code = `\u001b[32m+${'x '.repeat(30)}\u001b[0m`
  const word = 'w'.repeat(30)
  expect(fitWidth(`  one two three four five\n${code}\n${word}\nshort`, 14)).toBe(
    `  one two\n    three four\n    five\n${code}\n${word}\nshort`,
  )
  expect(fitWidth('one two three', undefined)).toBe('one two three')
})

test("Docker's words for a duration", () => {
  const words = [0, 1, 59, 60, 119, 120, 3599, 3600, 86_400, 15 * 86_400].map(humanDuration)
  expect(words).toEqual([
    ...['Less than a second', '1 second', '59 seconds', 'About a minute', 'About a minute'],
    ...['2 minutes', '59 minutes', 'About an hour', '24 hours', '2 weeks'],
  ])
})

test('a table template has the names of its fields above', () => {
  const rows = [
    { Name: 'a', CreatedSince: '2 days ago' },
    { Name: 'longer', CreatedSince: 'now' },
  ]
  const heads = ['NAME', 'CREATED SINCE']
  const cells = rows.map((row) => [row.Name, row.CreatedSince])
  expect(formatRows('table {{.Name}}\\t{{.CreatedSince}}', rows)).toBe(table(heads, cells))
  expect(formatRows('{{.Name}}', rows)).toBe('a\nlonger\n')
})
