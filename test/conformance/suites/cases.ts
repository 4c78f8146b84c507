import type { BaseArchive } from '../bases/bases.ts'
import { type Case, type CaseResult, runCase } from '../cases/index.ts'
import { notApplicable } from '../cases/not-applicable.ts'
import type { Engine } from '../engines/types.ts'
import { readImageArchive } from '../image/read-archive.ts'
import type { ImageState } from '../image/types.ts'
import { differences } from './same-outcome.ts'
import type { Reasoned, SuiteResult } from './types.ts'

export type CasesRun = {
  readonly bases: readonly BaseArchive[]
  readonly ours: Engine
  /** Whose images ours have to equal, besides what the cases say; null for what the cases say alone. */
  readonly oracle: Engine | null
  readonly onCase?: (name: string, wrong: readonly string[]) => void
}

/** Paths whose content is random on purpose, so that a cache hit shows. */
const random = [/^\/(?:u|unique|[012])$/, /^\/out$/]

/** Builds every case with us, and with the oracle when there is one. */
export async function runCases(cases: readonly Case[], run: CasesRun): Promise<SuiteResult> {
  const bases = await baseStates(run.bases)
  const differ: Reasoned[] = []
  for (const item of cases) {
    const wrong = await wrongIn(item, run, bases)
    run.onCase?.(item.name, wrong)
    const reason = wrong.length > 0 ? wrong.join('\n') : recorded(item, run.oracle)
    if (reason !== null) differ.push({ case: item.name, reason })
  }
  const pass = cases.length - differ.length
  return { name: 'buildkit cases', cases: cases.length, pass, differ, notApplicable }
}

/** A difference on purpose is one, although nothing is wrong. */
function recorded(item: Case, oracle: Engine | null): string | null {
  return oracle && item.ours ? `on purpose: ${item.ours}` : null
}

async function wrongIn(
  item: Case,
  { ours, oracle }: CasesRun,
  bases: ReadonlyMap<string, ImageState>,
): Promise<readonly string[]> {
  const own = await runCase(item, ours, bases)
  if (!oracle || (oracle.name === 'docker' ? item.older : item.current)) return own.wrong
  const theirs = await runCase(item, oracle, bases)
  return [
    ...own.wrong,
    ...theirs.wrong.map((line) => `${oracle.name}: ${line}`),
    ...(item.ours ? [] : unequal(own, theirs, oracle.name === 'buildkit')),
  ]
}

function unequal(own: CaseResult, theirs: CaseResult, history: boolean): readonly string[] {
  return own.outcomes.flatMap((outcome, at) => {
    const other = theirs.outcomes[at]
    if (!other) return []
    return differences(outcome, other, { history, volatile: random }).map(
      (line) => `step ${at + 1}: ${line}`,
    )
  })
}

async function baseStates(
  archives: readonly BaseArchive[],
): Promise<ReadonlyMap<string, ImageState>> {
  const states = new Map<string, ImageState>()
  for (const { archive, tags } of archives) {
    const state = await readImageArchive(archive)
    for (const tag of tags) states.set(tag, state).set(tag.replace(/:latest$/, ''), state)
  }
  return states
}
