/** A value of a configuration file. */
export type TomlValue = string | number | boolean | readonly TomlValue[] | TomlTable
export type TomlTable = { readonly [key: string]: TomlValue }

type Open = { [key: string]: TomlValue }
type Cursor = { readonly text: string; at: number }

/**
 * The TOML that configuration files of container tools are written in: tables, arrays of tables, strings of one line,
 * numbers, booleans, arrays, inline tables. Dates and strings of several lines are not among it.
 * @throws SyntaxError that names the line
 */
export function parseToml(text: string): TomlTable {
  const cursor: Cursor = { text: text.replace(/^\uFEFF/, ''), at: 0 }
  const root: Open = {}
  let table = root
  for (skip(cursor, true); cursor.at < cursor.text.length; skip(cursor, true)) {
    if (take(cursor, '[[')) {
      table = appended(root, keys(cursor), cursor)
      expect(cursor, ']]')
    } else if (take(cursor, '[')) {
      table = descend(root, keys(cursor), cursor)
      expect(cursor, ']')
    } else pair(cursor, table)
    endOfLine(cursor)
  }
  return root
}

function pair(cursor: Cursor, table: Open): void {
  const path = keys(cursor)
  expect(cursor, '=')
  const name = path.at(-1) ?? ''
  const target = descend(table, path.slice(0, -1), cursor)
  if (Object.hasOwn(target, name)) throw wrong(cursor, `${name} is said twice`)
  define(target, name, value(cursor))
}

/** `a."b c".d` */
function keys(cursor: Cursor): readonly string[] {
  const path: string[] = []
  do {
    skip(cursor, false)
    const bare = match(cursor, /[A-Za-z0-9_-]+/y)
    path.push(bare ?? string(cursor))
    skip(cursor, false)
  } while (take(cursor, '.'))
  return path
}

function value(cursor: Cursor): TomlValue {
  skip(cursor, false)
  const next = cursor.text[cursor.at]
  if (next === '"' || next === "'") return string(cursor)
  if (take(cursor, '[')) return list(cursor)
  if (take(cursor, '{')) return inline(cursor)
  const word = match(cursor, /[A-Za-z0-9_.+-]+/y)
  if (word === 'true' || word === 'false') return word === 'true'
  if (word !== null && /^[+-]?\d[\d_]*(?:\.\d+)?$/.test(word))
    return Number(word.replaceAll('_', ''))
  throw wrong(cursor, 'a value was expected')
}

function list(cursor: Cursor): readonly TomlValue[] {
  const values: TomlValue[] = []
  for (skip(cursor, true); !take(cursor, ']'); skip(cursor, true)) {
    values.push(value(cursor))
    skip(cursor, true)
    if (!take(cursor, ',') && cursor.text[cursor.at] !== ']') throw wrong(cursor, '] was expected')
  }
  return values
}

function inline(cursor: Cursor): TomlTable {
  const table: Open = {}
  for (skip(cursor, false); !take(cursor, '}'); skip(cursor, false)) {
    pair(cursor, table)
    skip(cursor, false)
    if (!take(cursor, ',') && cursor.text[cursor.at] !== '}') throw wrong(cursor, '} was expected')
  }
  return table
}

function string(cursor: Cursor): string {
  const literal = match(cursor, /'[^'\n]*'/y)
  if (literal !== null) return literal.slice(1, -1)
  const basic = match(cursor, /"(?:[^"\\\n]|\\.)*"/y)
  if (basic === null) throw wrong(cursor, 'a string was expected')
  try {
    return JSON.parse(basic) as string
  } catch (cause) {
    throw Object.assign(wrong(cursor, 'the string has an unknown escape'), { cause })
  }
}

function descend(from: Open, path: readonly string[], cursor: Cursor): Open {
  let table = from
  for (const key of path) {
    const found = Object.hasOwn(table, key) ? table[key] : define(table, key, {})
    // A table below an array of tables belongs to its newest one.
    const inner = Array.isArray(found) ? (found as readonly TomlValue[]).at(-1) : found
    if (typeof inner !== 'object' || Array.isArray(inner)) throw wrong(cursor, `${key} is no table`)
    table = inner as Open
  }
  return table
}

function appended(root: Open, path: readonly string[], cursor: Cursor): Open {
  const name = path.at(-1) ?? ''
  const parent = descend(root, path.slice(0, -1), cursor)
  const before = Object.hasOwn(parent, name) ? parent[name] : []
  if (!Array.isArray(before)) throw wrong(cursor, `${name} is no list of tables`)
  const added: Open = {}
  define(parent, name, [...(before as readonly TomlValue[]), added])
  return added
}

/** Also for a key such as `__proto__`. */
function define(table: Open, key: string, content: TomlValue): TomlValue {
  const property = { value: content, enumerable: true, configurable: true, writable: true }
  Object.defineProperty(table, key, property)
  return content
}

/** Blanks and comments; ends of lines too where they mean nothing. */
function skip(cursor: Cursor, lines: boolean): void {
  match(cursor, lines ? /(?:[ \t\r\n]|#[^\n]*)*/y : /[ \t]*/y)
}

function endOfLine(cursor: Cursor): void {
  skip(cursor, false)
  if (match(cursor, /(?:#[^\n]*)?(?:\r?\n|$)/y) === null) throw wrong(cursor, 'the line goes on')
}

function expect(cursor: Cursor, text: string): void {
  skip(cursor, false)
  if (!take(cursor, text)) throw wrong(cursor, `${text} was expected`)
}

function take(cursor: Cursor, text: string): boolean {
  if (!cursor.text.startsWith(text, cursor.at)) return false
  cursor.at += text.length
  return true
}

function match(cursor: Cursor, pattern: RegExp): string | null {
  pattern.lastIndex = cursor.at
  const found = pattern.exec(cursor.text)?.[0]
  if (found === undefined) return null
  cursor.at += found.length
  return found
}

function wrong({ text, at }: Cursor, what: string): SyntaxError {
  return new SyntaxError(`line ${text.slice(0, at).split('\n').length}: ${what}`)
}
