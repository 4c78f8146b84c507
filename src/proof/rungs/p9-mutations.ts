import { type Mutant, mutantsOf, seededChoice } from '../mutation/index.ts'
import { count, type Finding, type Rung, type RungInput } from '../rung.ts'
import type { Evidence, RungId } from '../verdict.ts'
import { configRung } from './p1-config.ts'
import { filesRung } from './p2-files.ts'
import { elfRung, ownClosure } from './p3-elf.ts'
import { dependenciesRung } from './p4-dependencies.ts'
import { probesRung } from './p7-probes.ts'

/**
 * P9: the ladder itself. Takes one needed thing at a time away from a view of lean, and the static rungs must turn red
 * and name it; what they do not see is started beside fat, as far as it can be, and must answer otherwise. It says how
 * far the proof can be trusted, and decides nothing.
 */
export const mutationRung: Rung = {
  id: 'P9',
  title: 'Mutation of lean',
  runs: true,
  examine: examineMutants,
}

const judges: Partial<Record<RungId, Rung>> = {
  P1: configRung,
  P2: filesRung,
  P3: elfRung,
  P4: dependenciesRung,
}

/** Starting a mutant takes seconds: of a few mutants, no more than this are started, and the rest is said to survive. */
const mostStarted = 2
const few = 10

async function examineMutants(input: RungInput): Promise<Finding> {
  const { fat, lean, mutations, signal } = input
  if (mutations === 0)
    return {
      status: 'skip',
      summary: 'switched off',
      evidence: [],
      examined: 0,
      notExercised: ['P9: no mutant was made'],
    }
  const all = mutantsOf(fat, lean, ownClosure(lean))
  const chosen = seededChoice(all, mutations, lean.subject.id)
  const killed: Evidence[] = []
  const alive: Evidence[] = []
  let left = mutations === 'all' || mutations > few ? Number.POSITIVE_INFINITY : mostStarted
  for (const mutant of chosen) {
    signal?.throwIfAborted()
    const subject = mutant.what
    const seen = await killerOf(mutant, input)
    const by = seen ?? (left > 0 ? await started(mutant, input) : 'it was not started')
    if (!seen) left -= 1
    if (typeof by === 'string')
      alive.push({
        message: `without ${subject}: no static rung names it; ${by}`,
        subject,
        lean: 'survives',
      })
    else killed.push({ message: `without ${subject}: ${by.rung}: ${by.message}`, subject })
  }
  const rest = all.length - chosen.length
  const notExercised = rest > 0 ? [`P9: ${rest} more mutants were not made (--mutations all)`] : []
  return {
    status: alive.length > 0 || chosen.length === 0 ? 'unproven' : 'pass',
    summary:
      chosen.length === 0
        ? 'nothing in lean can be taken away'
        : `${killed.length} of ${count(chosen.length, 'mutant')} caught and named${rest > 0 ? `, of ${all.length} possible` : ''}`,
    evidence: [...alive, ...killed],
    examined: chosen.length,
    notExercised,
  }
}

/** The first rung that fails on the mutant, names what was taken, and did not say the same of lean itself. */
async function killerOf(
  mutant: Mutant,
  input: RungInput,
): Promise<{ readonly rung: RungId; readonly message: string } | undefined> {
  const side = mutant.make()
  for (const rung of mutant.rungs) {
    const found = await judges[rung]?.examine({ ...input, lean: side })
    if (found?.status !== 'fail') continue
    const naming = found.evidence.find((one) => names(one, mutant))
    if (naming) return { rung, message: naming.message }
  }
  return undefined
}

/** What the mutant does otherwise than fat when both run, or why that is not known. */
async function started(
  mutant: Mutant,
  input: RungInput,
): Promise<{ readonly rung: RungId; readonly message: string } | string> {
  const { observeMutant } = input
  if (!observeMutant || !mutant.running) return 'it cannot be started'
  const seen = await input.observe()
  if (!seen.outcomes.some(({ result }) => result === 'equal'))
    return 'no probe counts, so starting it says nothing'
  const observation = await observeMutant(mutant.running)
  const found = await probesRung.examine({
    ...input,
    observe: () => Promise.resolve(observation),
  })
  if (found.status !== 'fail') return 'started, it answers as fat does'
  const naming = found.evidence.find((one) => names(one, mutant)) ?? found.evidence[0]
  return { rung: 'P7', message: naming?.message ?? found.summary }
}

function names(evidence: Evidence, { names: all }: Mutant): boolean {
  const said = [evidence.path, evidence.subject, evidence.message].filter(
    (text) => text !== undefined,
  )
  return all.some((name) => said.some((text) => text === name || text.includes(name)))
}
