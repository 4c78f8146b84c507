/** One line of a comparison: kept, removed from `before`, or added in `after`. Line breaks are part of the text. */
export type DiffRow = { readonly mark: ' ' | '-' | '+'; readonly line: string }

/**
 * Unified diff of two texts with three lines of context, in the format that `patch` reads; empty when they are equal.
 * Lines are compared with their line breaks, so a CRLF that became LF is a change.
 */
export function lineDiff(
  before: string,
  after: string,
  names: { readonly before: string; readonly after: string } = {
    before: 'Dockerfile',
    after: 'Dockerfile',
  },
): string {
  if (before === after) return ''
  const rows = compare(linesOf(before), linesOf(after))
  const head = [`--- a/${names.before}\n`, `+++ b/${names.after}\n`]
  return [...head, ...hunks(rows).map(print)].join('')
}

/** Every line of both texts in order: what `lineDiff` prints parts of. */
export function diffRows(before: string, after: string): readonly DiffRow[] {
  return compare(linesOf(before), linesOf(after))
}

const context = 3

/** Longest common subsequence by dynamic programming over the part between the common head and tail. */
function compare(before: readonly string[], after: readonly string[]): DiffRow[] {
  let head = 0
  while (head < before.length && head < after.length && before[head] === after[head]) head += 1
  let tail = 0
  while (
    tail < before.length - head &&
    tail < after.length - head &&
    before[before.length - 1 - tail] === after[after.length - 1 - tail]
  )
    tail += 1
  const kept = (lines: readonly string[]): DiffRow[] => lines.map((line) => ({ mark: ' ', line }))
  return [
    ...kept(before.slice(0, head)),
    ...longestCommon(
      before.slice(head, before.length - tail),
      after.slice(head, after.length - tail),
    ),
    ...kept(before.slice(before.length - tail)),
  ]
}

/** Above this many cells the table would cost more memory than a shorter diff is worth. */
const maxCells = 16_000_000

function longestCommon(a: readonly string[], b: readonly string[]): DiffRow[] {
  if ((a.length + 1) * (b.length + 1) > maxCells)
    return [
      ...a.map((line): DiffRow => ({ mark: '-', line })),
      ...b.map((line): DiffRow => ({ mark: '+', line })),
    ]
  const width = b.length + 1
  const best = new Uint32Array((a.length + 1) * width)
  const at = (i: number, j: number): number => best[i * width + j] ?? 0
  for (let i = a.length - 1; i >= 0; i--)
    for (let j = b.length - 1; j >= 0; j--)
      best[i * width + j] =
        a[i] === b[j] ? at(i + 1, j + 1) + 1 : Math.max(at(i + 1, j), at(i, j + 1))
  const rows: DiffRow[] = []
  let i = 0
  let j = 0
  while (i < a.length || j < b.length) {
    if (i < a.length && j < b.length && a[i] === b[j]) {
      rows.push({ mark: ' ', line: a[i] ?? '' })
      i += 1
      j += 1
    } else if (i < a.length && (j === b.length || at(i + 1, j) >= at(i, j + 1))) {
      rows.push({ mark: '-', line: a[i] ?? '' })
      i += 1
    } else {
      rows.push({ mark: '+', line: b[j] ?? '' })
      j += 1
    }
  }
  return rows
}

type Hunk = { readonly before: number; readonly after: number; readonly rows: readonly DiffRow[] }

function hunks(rows: readonly DiffRow[]): Hunk[] {
  const found: Hunk[] = []
  let start = -1
  let lastChange = -1
  const close = (end: number): void => {
    const upTo = rows.slice(0, start)
    found.push({
      before: upTo.filter((row) => row.mark !== '+').length,
      after: upTo.filter((row) => row.mark !== '-').length,
      rows: rows.slice(start, end),
    })
  }
  for (const [index, row] of rows.entries()) {
    if (row.mark === ' ') continue
    if (start === -1) start = Math.max(0, index - context)
    else if (index - lastChange > 2 * context + 1) {
      close(lastChange + 1 + context)
      start = index - context
    }
    lastChange = index
  }
  if (start !== -1) close(Math.min(rows.length, lastChange + 1 + context))
  return found
}

function print({ before, after, rows }: Hunk): string {
  const removed = rows.filter((row) => row.mark !== '+').length
  const added = rows.filter((row) => row.mark !== '-').length
  const span = (from: number, count: number): string =>
    `${count === 0 ? from : from + 1}${count === 1 ? '' : `,${count}`}`
  const body = rows.map(({ mark, line }) =>
    line.endsWith('\n') ? mark + line : `${mark}${line}\n\\ No newline at end of file\n`,
  )
  return [`@@ -${span(before, removed)} +${span(after, added)} @@\n`, ...body].join('')
}

function linesOf(text: string): string[] {
  return text.match(/[^\n]*\n|[^\n]+$/g) ?? []
}
