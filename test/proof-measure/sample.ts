/** The same `count` of them for one seed: FNV-1a of seed and name decides the order. */
export function sampled<T extends { readonly name: string }>(
  all: readonly T[],
  count: number,
  seed: string,
): readonly T[] {
  return all
    .map((one) => ({ one, rank: hash(`${seed} ${one.name}`) }))
    .sort((a, b) => a.rank - b.rank)
    .slice(0, count)
    .map(({ one }) => one)
}

function hash(text: string): number {
  let value = 0x811c9dc5
  for (let at = 0; at < text.length; at += 1)
    value = Math.imul(value ^ text.charCodeAt(at), 0x01000193) >>> 0
  return value
}
