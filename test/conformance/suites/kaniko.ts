import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Engine, Outcome } from '../engines/types.ts'
import { askOf, type KanikoCase, layOut } from '../kaniko/dockerfiles.ts'
import { older } from '../kaniko/older.ts'
import { volatile } from '../kaniko/volatile.ts'
import { differences } from './same-outcome.ts'
import type { Reasoned, SuiteResult } from './types.ts'

export type KanikoRun = {
  readonly ours: Engine
  readonly oracle: Engine
  readonly onCase?: (name: string, wrong: readonly string[]) => void
}

/** Builds kaniko's Dockerfiles with us and with the oracle; both refuse, or the images are one. */
export async function runKaniko(
  all: readonly KanikoCase[],
  { ours, oracle, onCase }: KanikoRun,
): Promise<SuiteResult> {
  const work = mkdtempSync(join(tmpdir(), 'jettison-kaniko-'))
  const differ: Reasoned[] = []
  const notApplicable: Reasoned[] = []
  let pass = 0
  try {
    const shared = join(work, 'shared')
    mkdirSync(shared)
    layOut(shared)
    for (const item of all) {
      if (item.notApplicable !== undefined) {
        notApplicable.push({ case: item.name, reason: item.notApplicable })
        continue
      }
      const ask = askOf(item, shared, work)
      const own: Outcome = await ours.build(ask)
      const theirs = await oracle.build(ask)
      const old = oracle.name === 'docker'
      const wrong = differences(own, theirs, { history: !old, volatile })
      onCase?.(item.name, wrong)
      const reason = old ? older[item.name] : undefined
      // A recorded difference in which a current BuildKit is right has its outcome, and so ours.
      if (wrong.length === 0 || reason !== undefined) pass += 1
      else differ.push({ case: item.name, reason: wrong.join('\n') })
    }
  } finally {
    rmSync(work, { recursive: true, force: true })
  }
  return {
    name: `kaniko against ${oracle.name}`,
    cases: all.length - notApplicable.length,
    pass,
    differ,
    notApplicable,
  }
}
