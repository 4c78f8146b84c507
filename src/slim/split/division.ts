import type { Facts } from '../facts/index.ts'

/** Where the builder ends, and what the two stages are called. */
export type Division = {
  /** Index of the last instruction that is shared. */
  readonly cut: number
  readonly names: { readonly builder: string; readonly runtime: string }
}

/**
 * Where a chain of stages is divided: a stage that the last one is FROM stays whole, and the next one becomes the
 * runtime under its own name. Within the last stage, its name stays with the runtime, so that `--target` keeps its
 * meaning.
 */
export function division({ chain, stages }: Facts, needed: number): Division {
  let end = -1
  for (const [at, stage] of chain.entries()) {
    end += stage.instructions.length
    const next = chain[at + 1]
    if (next && needed <= end)
      return {
        cut: end,
        names: {
          builder: stage.from.as?.text ?? 'builder',
          runtime: next.from.as?.text ?? 'runtime',
        },
      }
  }
  const own = chain.at(-1)?.from.as?.text
  const taken = new Set(stages.slice(0, -1).map((one) => one.stage.name))
  const free = (...names: readonly string[]): string =>
    names.find((name) => !taken.has(name) && name !== own?.toLowerCase()) ?? `${names[0]}-2`
  if (own === undefined)
    return {
      cut: needed,
      names: {
        builder: free('builder', 'build', 'fat'),
        runtime: free('runtime', 'final', 'lean'),
      },
    }
  return own.toLowerCase() === 'builder'
    ? { cut: needed, names: { builder: own, runtime: free('runtime', 'final', 'lean') } }
    : { cut: needed, names: { builder: free('builder', 'build', 'fat'), runtime: own } }
}
