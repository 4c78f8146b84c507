import type { StageGraph } from './graph.ts'

/**
 * Which bases are worth fetching before a step of their stage asks: a stage that reads one which had to run something
 * will most likely run too, and should not begin to fetch only when it is its turn.
 */
export type EarlyFetches = {
  /** A step of the stage runs. */
  ran(stage: number): void
  /** Calls `begin`, once, when a stage that this one needs, directly or not, has run a step. */
  after(stage: number, begin: () => void): void
}

export function earlyFetches({ stages }: Pick<StageGraph, 'stages'>): EarlyFetches {
  const busy = new Set<number>()
  const waiting = new Map<number, () => void>()
  // Stages need earlier ones only.
  const below: ReadonlySet<number>[] = []
  for (const [at, { needs }] of stages.entries())
    below[at] = new Set(needs.flatMap((need) => [need, ...(below[need] ?? [])]))
  const reads = (stage: number, other: number): boolean => below[stage]?.has(other) === true
  return {
    ran: (stage) => {
      if (busy.has(stage)) return
      busy.add(stage)
      for (const [waiter, begin] of waiting) {
        if (!reads(waiter, stage)) continue
        waiting.delete(waiter)
        begin()
      }
    },
    after: (stage, begin) => {
      if ([...busy].some((other) => reads(stage, other))) begin()
      else waiting.set(stage, begin)
    },
  }
}
