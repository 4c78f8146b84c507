import { expect, test } from 'vitest'
import { markdownTables } from './markdown.ts'

test('tables as GitHub reads them; nothing of a name becomes markup, bars stay away', () => {
  const columns = [{ head: 'NAME' }, { head: 'SIZE', right: true }, { head: '', spare: true }]
  const rows = [['  a|b <img> `x` *y*\nz', '1MB', '████']]
  expect(
    markdownTables([
      { columns, rows },
      { columns: columns.slice(0, 1), rows: [['c']] },
    ]),
  ).toBe(
    [
      '| NAME | SIZE |',
      '| --- | ---: |',
      '| a\\|b \\<img\\> \\`x\\` \\*y\\* z | 1MB |',
      '',
      '| NAME |',
      '| --- |',
      '| c |',
      '',
    ].join('\n'),
  )
})
