import { type ReadAt, rowsOf } from './read.ts'

/**
 * Names of a table's columns in the order in which `rowsOf` has their values: which one stands where differs between
 * the versions of a program that wrote the file.
 * @param log as `rowsOf` takes it
 * @returns undefined when there is no such table
 */
export function columnsOf(
  readAt: ReadAt,
  table: string,
  log?: Uint8Array,
): readonly string[] | undefined {
  const schema = rowsOf(readAt, 'sqlite_schema', log)
  const sql = schema?.find(([type, name]) => type === 'table' && name === table)?.[4]
  return typeof sql === 'string' ? columnsIn(sql) : undefined
}

const comments = /--[^\n]*|\/\*[\s\S]*?\*\//g
const constraint = /^(?:constraint|primary|unique|check|foreign)\b/i

/** `CREATE TABLE t (a INTEGER, "b" TEXT DEFAULT (1, 2), UNIQUE (a, b))` → a, b. */
function columnsIn(sql: string): readonly string[] {
  const text = sql.replace(comments, ' ')
  const parts: string[] = []
  let depth = 0
  let part = ''
  for (const sign of text.slice(text.indexOf('(') + 1, text.lastIndexOf(')'))) {
    if (sign === '(') depth += 1
    if (sign === ')') depth -= 1
    if (sign === ',' && depth === 0) {
      parts.push(part)
      part = ''
    } else part += sign
  }
  return [...parts, part]
    .map((column) => column.trim())
    .filter((column) => !constraint.test(column))
    .map((column) =>
      /^(?:"([^"]*)"|\[([^\]]*)\]|`([^`]*)`|(\S+))/.exec(column)?.slice(1).find(Boolean),
    )
    .map((name) => name ?? '')
}
