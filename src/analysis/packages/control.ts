/**
 * Stanzas of a Debian control file (deb822): blank lines separate stanzas, lines that begin with a space continue
 * the field before them. Field names are kept as written; only the wanted ones are stored.
 */
export function* stanzas(
  text: string,
  wanted: ReadonlySet<string>,
): Iterable<ReadonlyMap<string, string>> {
  let fields = new Map<string, string>()
  let last: string | undefined
  let some = false
  for (const line of text.split('\n')) {
    const first = line.charCodeAt(0)
    if (line === '' || (first < 33 && line.trim() === '')) {
      if (some) yield fields
      fields = new Map()
      last = undefined
      some = false
      continue
    }
    some = true
    if (first === 32 || first === 9) {
      if (last !== undefined) fields.set(last, `${fields.get(last) ?? ''}\n${line.trim()}`)
      continue
    }
    const colon = line.indexOf(':')
    const name = line.slice(0, Math.max(0, colon))
    last = wanted.has(name) ? name : undefined
    if (last !== undefined) fields.set(last, line.slice(colon + 1).trim())
  }
  if (some) yield fields
}

/** A relation field (`Depends: a (>= 1), b | c:any`): clauses of alternatives, versions and qualifiers removed. */
export function relations(text: string | undefined): readonly (readonly string[])[] {
  if (!text) return []
  return text
    .split(',')
    .map((clause) => clause.split('|').map(relationName).filter(Boolean))
    .filter((names) => names.length > 0)
}

function relationName(text: string): string {
  return /^[^\s:([<]+/.exec(text.trim())?.[0] ?? ''
}
