/** First column of a RECORD file: CSV with doubled quotes inside quoted fields. Paths as written. */
export function recordPaths(text: string): readonly string[] {
  const row = /(?:"((?:[^"]|"")*)"|([^,\r\n]*))[^\r\n]*(?:\r?\n|$)/y
  const out: string[] = []
  while (row.lastIndex < text.length) {
    const before = row.lastIndex
    const match = row.exec(text)
    if (!match || row.lastIndex === before) break
    const path = match[1]?.replaceAll('""', '"') ?? match[2] ?? ''
    if (path !== '') out.push(path)
  }
  return out
}
