import { expect, test } from 'vitest'
import { columnTable } from './columns.ts'
import { displayWidth } from './width.ts'

const columns = [
  { head: 'CATEGORY', least: 10 },
  { head: 'SIZE', right: true },
  { head: '', spare: true },
  { head: 'LARGEST', least: 10 },
] as const
const rows = [
  ['Compilers and build tools', '157MB', '████', 'gcc-12 157MB, g++-12 100MB'],
  ['日本語', '1.2kB', '▏', 'x'],
]

test('without a width all of it is there, numbers below each other', () => {
  expect(columnTable(columns, rows, undefined).split('\n')).toEqual([
    'CATEGORY                     SIZE          LARGEST',
    'Compilers and build tools   157MB   ████   gcc-12 157MB, g++-12 100MB',
    '日本語                      1.2kB   ▏      x',
    '',
  ])
})

test('where it does not fit, columns are cut, then left out, and no line is broken', () => {
  for (let width = 34; width < 80; width++) {
    const lines = columnTable(columns, rows, width).trimEnd().split('\n')
    expect(lines).toHaveLength(3)
    for (const line of lines) expect(displayWidth(line)).toBeLessThanOrEqual(width)
    expect(lines[1]).toContain('157MB')
  }
  expect(columnTable(columns, rows, 60)).toContain('████')
  expect(columnTable(columns, rows, 34)).not.toContain('████')
})

test('colours do not move anything', () => {
  const red = (cell: string, row: number): string =>
    row === 0 ? `\u001b[31m${cell}\u001b[0m` : cell
  const plain = columnTable(columns, rows, 60)
  const painted = columnTable([{ ...columns[0], style: red }, ...columns.slice(1)], rows, 60)
  expect(painted).toContain('\u001b[31mCompilers')
  expect(painted.replaceAll('\u001b[31m', '').replaceAll('\u001b[0m', '')).toBe(plain)
})
