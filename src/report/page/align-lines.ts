import type { PageLine, PageText } from './types.ts'

/** The lines of one instruction, or one comment or empty line. */
type Block = readonly PageText[]

/**
 * Lines that went and lines that came, side by side: an instruction faces the one of the same kind that shares most words
 * with it, in order, and what has no counterpart stands alone.
 */
export function alignLines(
  went: readonly PageText[],
  came: readonly PageText[],
): readonly PageLine[] {
  const left = blocksOf(went)
  const right = blocksOf(came)
  const rows: PageLine[] = []
  for (const [before, after] of pairsOf(left, right))
    for (let at = 0; at < Math.max(before.length, after.length); at += 1)
      rows.push({ before: before[at] ?? null, after: after[at] ?? null })
  return rows
}

function blocksOf(lines: readonly PageText[]): readonly Block[] {
  const blocks: PageText[][] = []
  for (const line of lines) {
    const last = blocks.at(-1)
    if (line.instruction !== null && last?.[0]?.instruction === line.instruction) last.push(line)
    else blocks.push([line])
  }
  return blocks
}

/** The pairing with the highest sum of likeness that keeps both orders; unpaired blocks face nothing. */
function pairsOf(
  left: readonly Block[],
  right: readonly Block[],
): readonly (readonly [Block, Block])[] {
  const width = right.length + 1
  const best = new Float64Array((left.length + 1) * width)
  const at = (i: number, j: number): number => best[i * width + j] ?? 0
  const likeness = left.map((one) => right.map((other) => likenessOf(one, other)))
  const of = (i: number, j: number): number => likeness[i]?.[j] ?? 0
  for (let i = left.length - 1; i >= 0; i -= 1)
    for (let j = right.length - 1; j >= 0; j -= 1)
      best[i * width + j] = Math.max(
        at(i + 1, j),
        at(i, j + 1),
        of(i, j) > 0 ? at(i + 1, j + 1) + of(i, j) : 0,
      )
  const pairs: [Block, Block][] = []
  let i = 0
  let j = 0
  while (i < left.length || j < right.length) {
    const paired = of(i, j) > 0 && at(i, j) === at(i + 1, j + 1) + of(i, j)
    if (i < left.length && j < right.length && paired)
      pairs.push([left[i++] ?? [], right[j++] ?? []])
    else if (i < left.length && (j === right.length || at(i, j) === at(i + 1, j)))
      pairs.push([left[i++] ?? [], []])
    else pairs.push([[], right[j++] ?? []])
  }
  return pairs
}

/** 0 for different kinds of lines; else more the more words are shared, and never 0, so that kinds alone pair up. */
function likenessOf(one: Block, other: Block): number {
  const [a, b] = [one, other].map((block) =>
    block.flatMap(({ text }) => text.split(/\s+/).filter((word) => word !== '' && word !== '\\')),
  )
  const kind = (block: Block, words: readonly string[] | undefined): string =>
    block[0]?.instruction === null ? (words?.[0]?.startsWith('#') ? '#' : '') : (words?.[0] ?? '')
  if (!a || !b || kind(one, a).toUpperCase() !== kind(other, b).toUpperCase()) return 0
  const words = new Set(b)
  const shared = a.filter((word) => words.has(word)).length
  return 0.5 + shared / Math.max(1, a.length, b.length)
}
