import { expect, test } from 'vitest'
import { fitWidth, formatRows, table } from './table.ts'

test('columns are ten characters wide at least, three of them blank; the last cell is as it is', () => {
  const rows = [
    ['a', '1kB', 'short'],
    ['longer than ten', '', ''],
    ['日本語', '…', 'x  '],
  ]
  expect(table(['NAME', 'SIZE', 'COMMENT'], rows)).toBe(
    [
      'NAME              SIZE      COMMENT',
      'a                 1kB       short',
      'longer than ten             ',
      '日本語               …         x  ',
      '',
    ].join('\n'),
  )
})

test('a line that is too wide is broken at a blank and indented; code and the unbreakable stay', () => {
  const code = `\u001b[32m+${'x '.repeat(30)}\u001b[0m`
  const word = 'w'.repeat(30)
  expect(fitWidth(`  one two three four five\n${code}\n${word}\nshort`, 14)).toBe(
    `  one two\n    three four\n    five\n${code}\n${word}\nshort`,
  )
  expect(fitWidth('one two three', undefined)).toBe('one two three')
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
