/** One replacement of SARIF (§3.57): whole lines go, and text comes in their place. */
export type Replacement = {
  readonly deletedRegion: {
    readonly startLine: number
    readonly startColumn: 1
    readonly endLine: number
    readonly endColumn: 1
  }
  readonly insertedContent?: { readonly text: string }
}

/** The hunks of a unified diff of one file as replacements of lines, in order. */
export function replacementsOf(patch: string): readonly Replacement[] {
  const found: Replacement[] = []
  let line = 0
  let removed = 0
  let added: string[] = []
  const flush = (): void => {
    if (removed > 0 || added.length > 0)
      found.push({
        deletedRegion: { startLine: line - removed, startColumn: 1, endLine: line, endColumn: 1 },
        ...(added.length > 0 ? { insertedContent: { text: added.join('') } } : {}),
      })
    removed = 0
    added = []
  }
  for (const text of patch.split('\n')) {
    const hunk = /^@@ -(\d+)/.exec(text)
    if (hunk) {
      flush()
      line = Number(hunk[1])
    } else if (line === 0) continue
    else if (text.startsWith('-')) {
      removed += 1
      line += 1
    } else if (text.startsWith('+')) added.push(`${text.slice(1)}\n`)
    else if (text.startsWith(' ')) {
      flush()
      line += 1
    }
  }
  flush()
  return found
}
