/** Template: Docker's `--format`, which is Go's text/template, filled with rows. In: a template, rows. Out: text. */

import { fill, type Row } from './fill.ts'
import { functions, type TemplateFunction } from './functions.ts'
import { parseTemplate } from './parse.ts'

export type { Row }

/** Says of a table template what stands above a column, by field; other fields stand by their names. */
export type Heads = Readonly<Record<string, string>>

/** The `--format` of `inspect`: `json`, or a template. @throws Fault USAGE */
export function formatRow(template: string, row: Row): string {
  return template === 'json' ? JSON.stringify(row) : fill(parseTemplate(template), row, template)
}

/** The rows of `table {{.A}}\t{{.B}}`, undefined for other templates. The first one holds the heads. @throws Fault USAGE */
export function tableRows(
  template: string,
  rows: readonly Row[],
  heads: Heads,
): readonly (readonly string[])[] | undefined {
  const columns = /^table(?=\s|\\|\{)(.*)$/s.exec(template)?.[1]?.trim()
  if (columns === undefined) return undefined
  const text = unescaped(columns)
  const nodes = parseTemplate(text)
  const head = fill(nodes, headRow(rows[0] ?? heads, heads), text, unchanged)
  return [head, ...rows.map((row) => fill(nodes, row, text))].map((line) => line.split('\t'))
}

/** The `--format` of a list, parsed once: `json`, or a template. @throws Fault USAGE */
export function rowFormatter(template: string): (row: Row) => string {
  if (template === 'json' || template === '{{json .}}') return goJson
  const text = unescaped(template)
  const nodes = parseTemplate(text)
  return (row) => fill(nodes, row, text)
}

/** A row as Go marshals a map: keys in order, and nothing that a page of HTML would take for markup. */
function goJson(row: Row): string {
  const sorted = Object.fromEntries(Object.entries(row).sort(([a], [b]) => (a < b ? -1 : 1)))
  const escaped = (char: string): string => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`
  return JSON.stringify(sorted).replace(/[<>&\u2028\u2029]/g, escaped)
}

/** A shell passes `\t` on as it is. */
function unescaped(template: string): string {
  return template.replaceAll('\\t', '\t').replaceAll('\\n', '\n')
}

/** Above a column nothing is changed: `{{upper .Names}}` stands below NAMES. */
const unchanged: ReadonlyMap<string, TemplateFunction> = new Map(
  [...functions.keys()].map((name) => [name, (...args: readonly unknown[]) => args.at(-1)]),
)

/** The last part of a label's name, as Docker has it. */
const labelHead: TemplateFunction = (name) =>
  (String(name).split('.').at(-1) ?? '').replace(/[-_]/g, ' ')

function headRow(row: Row, heads: Heads): Row {
  const names = [...new Set([...Object.keys(row), ...Object.keys(heads)])]
  return Object.fromEntries(
    names.map((name) => [
      name,
      typeof row[name] === 'function' ? labelHead : (heads[name] ?? spaced(name)),
    ]),
  )
}

function spaced(name: string): string {
  return name.replace(/(?<=[a-z])(?=[A-Z])/g, ' ').toUpperCase()
}
