/** The candidate at most two edits away from `word` (BuildKit's rule), null when none is. */
export function closest(word: string, candidates: readonly string[]): string | null {
  const lower = word.toLowerCase()
  let best: string | null = null
  let distance = 3
  for (const candidate of candidates) {
    if (Math.abs(candidate.length - lower.length) >= distance) continue
    const edits = editDistance(lower, candidate.toLowerCase())
    if (edits < distance) {
      best = candidate
      distance = edits
    }
  }
  return best
}

/** Levenshtein's distance in UTF-16 units, for short words. */
export function editDistance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, at) => at)
  for (let i = 1; i <= a.length; i++) {
    const next = [i]
    for (let j = 1; j <= b.length; j++) {
      const replace = (row[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1)
      next.push(Math.min(replace, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1))
    }
    row = next
  }
  return row[b.length] ?? 0
}
