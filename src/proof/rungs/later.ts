import type { Rung } from '../rung.ts'

/** P8 and P9 have a place in the ladder and are not built: they are listed as not exercised and never pass. */
export const laterRungs: readonly Rung[] = [
  later('P8', 'Secondary entrypoints'),
  later('P9', 'Mutation of lean'),
]

function later(id: 'P8' | 'P9', title: string): Rung {
  return {
    id,
    title,
    runs: false,
    examine: () => ({
      status: 'skip',
      summary: 'not built yet',
      evidence: [],
      examined: 0,
      notExercised: [`${id}: ${title} is not built yet`],
    }),
  }
}
