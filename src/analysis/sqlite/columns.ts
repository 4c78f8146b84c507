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

/** Comments, four kinds of quotes, signs that matter, and words. */
const token =
  /--[^\n]*|\/\*[\s\S]*?\*\/|"(?:[^"]|"")*"|'(?:[^']|'')*'|`(?:[^`]|``)*`|\[[^\]]*\]|[(),]|[^\s(),"'`[]+/g
const constraint = /^(?:constraint|primary|unique|check|foreign)$/i

/** `CREATE TABLE t (a INTEGER, "b" TEXT DEFAULT (1, 2), UNIQUE (a, b))` → a, b. */
function columnsIn(sql: string): readonly string[] {
  const out: string[] = []
  let depth = 0
  let first = false
  for (const [text] of sql.matchAll(token)) {
    if (text.startsWith('--') || text.startsWith('/*')) continue
    if (text === ')') depth -= 1
    else if (first && !constraint.test(text)) out.push(unquoted(text))
    if (text === '(') depth += 1
    first = depth === 1 && (text === ',' || text === '(')
  }
  return out
}

function unquoted(name: string): string {
  const [quote = ''] = name
  if (quote === '[') return name.slice(1, -1)
  return /["'`]/.test(quote) ? name.slice(1, -1).replaceAll(quote + quote, quote) : name
}
