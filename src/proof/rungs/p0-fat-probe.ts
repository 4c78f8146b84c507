import { probeName } from '../probes/index.ts'
import { count, type Finding, type Rung, type RungInput } from '../rung.ts'
import { absentService } from '../services/index.ts'
import {
  describeLaunch,
  hintsFrom,
  type Launched,
  lastLines,
  type ProbeOutcome,
} from '../session/index.ts'
import type { Evidence } from '../verdict.ts'

/** P0: fat itself works: at least one probe counts, and every probe that the user gave does. */
export const fatProbeRung: Rung = {
  id: 'P0',
  title: 'Fat passes its own probe',
  runs: true,
  examine: examineFat,
}

async function examineFat(input: RungInput): Promise<Finding> {
  const { fat, outcomes } = await input.observe()
  const answered = outcomes.filter(isAnswered)
  const refused = outcomes.filter((one) => !isAnswered(one))
  const demanded = refused.filter(({ probe }) => probe.origin === 'given')
  const evidence: readonly Evidence[] = [
    { message: `fat ${describeLaunch(fat.launched)}` },
    ...answered.map(shown),
    ...demanded.map(shown),
  ]
  if (answered.length > 0 && demanded.length === 0)
    return {
      status: 'pass',
      summary: `fat answers ${count(answered.length, 'probe')}, e.g. ${probeName(answered[0]?.probe ?? { kind: 'run', origin: 'command' })}`,
      evidence,
      examined: answered.length,
    }
  return {
    status: 'unproven',
    summary: `fat does not pass its own probe: ${whyNot(fat.launched.kind, demanded[0] ?? refused[0]) ?? describeLaunch(fat.launched)}`,
    evidence: [
      ...evidence,
      ...refused.filter((one) => !demanded.includes(one)).map(shown),
      ...logOf(fat.log),
    ],
    examined: answered.length,
    wouldProve: [
      ...input.absentServices.map(absentService),
      ...hintsFrom(`${fat.log}\n${startFailure(fat.launched)}`),
      ...generalHints(refused),
    ],
  }
}

/** Fat answered as it should; what lean did is another rung's matter. */
function isAnswered({ result, fatCounts }: ProbeOutcome): boolean {
  return fatCounts && result !== 'undecided'
}

function shown({ probe, fat, reason }: ProbeOutcome): Evidence {
  const name = probeName(probe)
  return { message: reason === '' ? name : `${name}: ${reason}`, subject: `P0 ${name}`, fat }
}

function whyNot(launched: string, outcome: ProbeOutcome | undefined): string | undefined {
  if (launched === 'not-started' || !outcome) return undefined
  return `${probeName(outcome.probe)}: ${outcome.reason}`
}

function logOf(log: string): readonly Evidence[] {
  return log.trim() === '' ? [] : [{ message: "the end of fat's log", fat: lastLines(log) }]
}

function startFailure(launched: Launched): string {
  return launched.kind === 'not-started' ? launched.reason : ''
}

function generalHints(refused: readonly ProbeOutcome[]): readonly string[] {
  const asked = refused
    .filter(({ probe }) => probe.kind === 'http')
    .map(({ probe }) => probeName(probe))
  if (asked.length > 0)
    return [
      `name a request that the app answers with --probe (asked: ${asked.slice(0, 8).join(', ')})`,
    ]
  return ['name a request or a command with --probe that shows that the app works']
}
