import type { ContainerConfig } from '../../image/index.ts'
import { compareOutput, compareStream, type Likeness, otherOrder } from '../compare/index.ts'
import { isBareInterpreter, type Probe, type RunProbe, whyVain } from '../probes/index.ts'
import { fromLikenesses, type ProbeOutcome } from './ask.ts'
import { describeLaunch, type Launched } from './launch.ts'
import type { ObserveInput } from './observe.ts'

/** A side that could not be started answers nothing; the rungs report the start itself. */
export function withoutContainer(probe: Probe, fat: Launched, lean: Launched): ProbeOutcome {
  return {
    probe,
    fatCounts: false,
    result: 'not-counted',
    reason: fat.kind === 'not-started' ? 'fat did not start' : 'lean did not start',
    fat: describeLaunch(fat),
    lean: describeLaunch(lean),
    differences: [],
    notes: [],
  }
}

/** Judges the image's own command: it must have ended by itself, with 0, and be more than an interpreter's prompt. */
export async function askRun(
  probe: RunProbe,
  input: ObserveInput,
  fat: Launched,
  lean: Launched,
): Promise<ProbeOutcome> {
  const shown = {
    probe,
    fatCounts: fat.kind === 'ended' && fat.ended.exitCode === 0,
    fat: describeLaunch(fat),
    lean: describeLaunch(lean),
    notes: [],
  }
  const vain = (reason: string): ProbeOutcome => ({
    ...shown,
    fatCounts: false,
    result: 'not-counted',
    reason,
    differences: [],
  })
  if (fat.kind !== 'ended') return vain(fat.kind === 'ready' ? 'the app keeps running' : shown.fat)
  if (lean.kind !== 'ended' || lean.ended.exitCode !== fat.ended.exitCode)
    return {
      ...shown,
      result: 'different',
      reason: '',
      differences: [{ what: 'exit code', fat: shown.fat, lean: shown.lean }],
    }
  if (fat.ended.exitCode !== 0) return vain(`exits ${fat.ended.exitCode}`)
  const command = commandOf(input.fat.config.config)
  if (isBareInterpreter(command)) return vain('the command is an interpreter without a program')
  if (input.fatBase && JSON.stringify(commandOf(input.fatBase)) === JSON.stringify(command))
    return vain("the command is the base image's own")
  const [mine, other] = [fat.container.logs(), lean.container.logs()]
  const silent = mine.trim() === '' && other.trim() === ''
  const why = silent ? whyVain({ kind: 'cmd', argv: command, origin: 'command' }) : undefined
  if (why !== undefined) return vain(why)
  const likeness =
    mine === other ? ({ kind: 'equal' } as const) : await compareAgain(input, mine, other)
  return { ...shown, ...fromLikenesses({ output: likeness }) }
}

/** Logs mix two streams in no fixed order; when only the order differs, each stream is compared by itself. */
async function compareAgain(input: ObserveInput, mine: string, other: string): Promise<Likeness> {
  const { runner, fat, lean, timing, signal } = input
  const options = { timeoutMs: timing.readyMs }
  const again = await runner.run(fat, options, signal)
  const likeness = compareOutput(mine, other, [again.stdout + again.stderr])
  if (likeness.kind !== 'masked' || !likeness.notes.includes(otherOrder)) return likeness
  const theirs = await runner.run(lean, options, signal)
  const third = await runner.run(fat, options, signal)
  return compareStream(again.stdout, theirs.stdout, [third.stdout])
}

function commandOf(config: ContainerConfig): readonly string[] {
  return [...(config.Entrypoint ?? []), ...(config.Cmd ?? [])]
}
