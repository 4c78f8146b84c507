import { type Heads, type Row, rowFormatter, tableRows } from './template/index.ts'
import { displayWidth } from './width.ts'

/** Columns as Docker prints them: upper-case heads, at least three spaces between. */
export function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const widths = head.map((title, column) =>
    Math.max(title.length, ...rows.map((row) => (row[column] ?? '').length)),
  )
  return [head, ...rows]
    .map((row) =>
      row
        .map((cell, column) =>
          column === row.length - 1 ? cell : cell.padEnd((widths[column] ?? 0) + 3),
        )
        .join('')
        .trimEnd(),
    )
    .map((line) => `${line}\n`)
    .join('')
}

/**
 * Breaks the lines that a terminal would break anywhere at blanks, indented below their beginning. Lines coloured
 * as a whole stay: they are code. Without a width (no terminal) everything stays.
 */
export function fitWidth(text: string, columns: number | undefined): string {
  if (columns === undefined) return text
  return text
    .split('\n')
    .map((line) =>
      displayWidth(line) <= columns || line.startsWith('\u001b') ? line : broken(line, columns),
    )
    .join('\n')
}

function broken(line: string, columns: number): string {
  const indent = ' '.repeat(line.length - line.trimStart().length + 2)
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

/** `2 minutes ago`, as units.HumanDuration of Docker has it. */
export function ago(then: string | null | undefined, now: number): string {
  if (!then) return 'N/A'
  const seconds = Math.max(0, Math.floor((now - Date.parse(then)) / 1000))
  return `${humanDuration(seconds)} ago`
}

export function humanDuration(seconds: number): string {
  const minutes = Math.floor(seconds / 60)
  const hours = Math.round(seconds / 3600)
  if (seconds < 1) return 'Less than a second'
  if (seconds === 1) return '1 second'
  if (seconds < 60) return `${seconds} seconds`
  if (minutes === 1) return 'About a minute'
  if (minutes < 60) return `${minutes} minutes`
  if (hours === 1) return 'About an hour'
  if (hours < 48) return `${hours} hours`
  if (hours < 24 * 7 * 2) return `${Math.floor(hours / 24)} days`
  if (hours < 24 * 30 * 2) return `${Math.floor(hours / 24 / 7)} weeks`
  if (hours < 24 * 365 * 2) return `${Math.floor(hours / 24 / 30)} months`
  return `${Math.floor(hours / 24 / 365)} years`
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
