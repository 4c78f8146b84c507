import { type Mutant, mutantsOf, seededChoice } from '../mutation/index.ts'
import { count, type Finding, type Rung, type RungInput } from '../rung.ts'
import type { Evidence, RungId } from '../verdict.ts'
import { filesRung } from './p2-files.ts'
import { elfRung, ownClosure } from './p3-elf.ts'
import { dependenciesRung } from './p4-dependencies.ts'

/**
 * P9: the ladder itself. Takes one needed thing at a time away from a view of lean, and the static rungs must turn red
 * and name it. It says how far the proof can be trusted, and decides nothing.
 */
export const mutationRung: Rung = {
  id: 'P9',
  title: 'Mutation of lean',
  runs: false,
  examine: examineMutants,
}

const judges: Partial<Record<RungId, Rung>> = { P2: filesRung, P3: elfRung, P4: dependenciesRung }

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
  for (const mutant of chosen) {
    signal?.throwIfAborted()
    const by = await killerOf(mutant, input)
    const named = { subject: mutant.what }
    if (by) killed.push({ message: `without ${mutant.what}: ${by.rung}: ${by.message}`, ...named })
    else alive.push({ message: `without ${mutant.what}: no static rung names it`, ...named })
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

function names(evidence: Evidence, { names: all }: Mutant): boolean {
  const said = [evidence.path, evidence.subject, evidence.message].filter(
    (text) => text !== undefined,
  )
  return all.some((name) => said.some((text) => text === name || text.includes(name)))
}
