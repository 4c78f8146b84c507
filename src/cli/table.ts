import { type Heads, type Row, rowFormatter, tableRows } from './template/index.ts'
import { displayWidth } from './width.ts'

/** Docker's `tabwriter.NewWriter(w, 10, 1, 3, ' ', 0)`: cells of at least ten characters, three of them blank. */
const [leastCell, blanks] = [10, 3]

/**
 * Columns as Docker prints them, byte for byte: what stands last in a line is not filled up, and a line whose last cell is
 * empty ends with the blanks of the one before.
 */
export function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const widths = head.map((_, column) =>
    Math.max(leastCell, ...[head, ...rows].map((row) => lengthOf(row[column]) + blanks)),
  )
  return [head, ...rows]
    .map((row) => {
      const last = row.length - 1
      const filled = row.slice(0, last).map((cell, column) => fill(cell, widths[column] ?? 0))
      return `${filled.join('')}${row[last] ?? ''}\n`
    })
    .join('')
}

/** Go counts characters, whatever they are. */
function lengthOf(cell = ''): number {
  return cell.length > 0 ? [...cell].length : 0
}

function fill(cell: string, width: number): string {
  return cell + ' '.repeat(Math.max(0, width - lengthOf(cell)))
}

/**
 * Breaks the lines that a terminal would break anywhere at blanks, indented below what stands behind their first word, or
 * below their beginning. Lines coloured as a whole stay: they are code. Without a width (no terminal) everything stays.
 */
export function fitWidth(text: string, columns: number | undefined): string {
  if (columns === undefined) return text
  return text
    .split('\n')
    .map((line) =>
      displayWidth(line) <= columns || isPainted(line) ? line : broken(line, columns),
    )
    .join('\n')
}

function isPainted(line: string): boolean {
  return line.startsWith('\u001b') && line.endsWith('\u001b[0m')
}

function broken(line: string, columns: number): string {
  const begin = line.length - line.trimStart().length + 2
  const value = /^\s+\S+\s{2,}/.exec(line)?.[0].length ?? begin
  const indent = ' '.repeat(value * 2 < columns ? value : begin)
  const rows: string[] = []
  let rest = line
  while (rest.length > columns) {
    const at = rest.lastIndexOf(' ', columns)
    if (at <= indent.length) break
    rows.push(rest.slice(0, at).trimEnd())
    rest = indent + rest.slice(at).trimStart()
  }
  return [...rows, rest].join('\n')
}

/** First twelve digits, as Docker shortens IDs. */
export function shortId(id: string): string {
  return id.replace(/^sha256:/, '').slice(0, 12)
}

/**
 * Docker's `--format` over rows: a line each, or `table {{.A}}\t{{.B}}`, whose columns stand below their heads.
 * @throws Fault USAGE
 */
export function formatRows(template: string, rows: readonly Row[], heads: Heads = {}): string {
  const [head, ...cells] = tableRows(template, rows, heads) ?? []
  if (head) return table(head, cells)
  const format = rowFormatter(template)
  return rows.map((row) => `${format(row)}\n`).join('')
}
