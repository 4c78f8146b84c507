import type { Proof, RungId, RungStatus, Verdict } from '../verdict.ts'

/** A rung that came out otherwise. */
export type RungChange = {
  readonly rung: RungId
  readonly was: RungStatus | 'absent'
  readonly now: RungStatus | 'absent'
  /** The summary of the run now, or of the record when there is none now. */
  readonly summary: string
}

export type ReplayResult = {
  readonly was: Verdict
  readonly now: Verdict
  readonly changes: readonly RungChange[]
}

/** What came out otherwise than a record says, by rung; times are not compared. */
export function compareProofs(was: Proof, now: Proof): ReplayResult {
  const ids = [...new Set([...was.rungs, ...now.rungs].map(({ rung }) => rung))]
  const changes = ids.flatMap((id): readonly RungChange[] => {
    const [old, fresh] = [was, now].map(({ rungs }) => rungs.find(({ rung }) => rung === id))
    if (old?.status === fresh?.status) return []
    return [
      {
        rung: id,
        was: old?.status ?? 'absent',
        now: fresh?.status ?? 'absent',
        summary: fresh?.summary ?? old?.summary ?? '',
      },
    ]
  })
  return { was: was.verdict, now: now.verdict, changes }
}
