import { ignoredHeaders } from '../compare/index.ts'
import { probeName } from '../probes/index.ts'
import { count, type Finding, type Rung, type RungInput } from '../rung.ts'
import {
  describeLaunch,
  type Launched,
  lastLines,
  newSigns,
  type Observation,
  type ProbeOutcome,
  type SideSeen,
} from '../session/index.ts'
import type { Evidence } from '../verdict.ts'

/** P7: both images run side by side and answer, listen, log and stop alike. `examined` is the probes that counted. */
export const probesRung: Rung = {
  id: 'P7',
  title: 'Differential probes',
  runs: true,
  examine: examineProbes,
}

async function examineProbes(input: RungInput): Promise<Finding> {
  const seen = await input.observe()
  const failures = [
    ...launchDifference(seen),
    ...seen.outcomes.flatMap(probeFailures),
    ...lifecycleDifferences(seen),
    ...logDifferences(seen),
    ...firstLineDifferences(seen),
  ]
  const equal = seen.outcomes.filter(({ result }) => result === 'equal')
  const open = seen.outcomes.filter(
    ({ result, probe }) =>
      result === 'undecided' || (result === 'not-counted' && probe.origin === 'given'),
  )
  const notes = [...equal.flatMap(shownEqual), ...lifecycleNotes(seen)]
  const notExercised = uncounted(seen.outcomes)
  if (failures.length > 0)
    return {
      status: 'fail',
      summary: failedSummary(failures, seen),
      evidence: [...failures, ...logEvidence(seen), ...notes],
      examined: equal.length,
      notExercised,
    }
  if (equal.length === 0 || open.length > 0)
    return {
      status: 'unproven',
      summary: openSummary(open, seen),
      evidence: [...seen.outcomes.map(shownOpen), ...logEvidence(seen), ...notes],
      examined: equal.length,
      notExercised,
    }
  return {
    status: 'pass',
    summary: `${count(equal.length, 'probe')} equal, e.g. ${equal[0] ? probeName(equal[0].probe) : ''}`,
    evidence: notes,
    examined: equal.length,
    notExercised,
  }
}

/** The first difference in words; for an app that does not come up, with the last line of its log. */
function failedSummary(failures: readonly Evidence[], { lean }: Observation): string {
  const [first] = failures
  const more = failures.length > 1 ? `, and ${failures.length - 1} more` : ''
  if (first?.subject !== 'start') return `${first?.message ?? ''}${more}`
  const last = lastLines(lean.log, 1).trim()
  return `lean ${describeLaunch(lean.launched)}${last === '' ? '' : `: ${last}`}`
}

function openSummary(open: readonly ProbeOutcome[], { fat }: Observation): string {
  const [first] = open
  if (first) return `${probeName(first.probe)}: ${first.reason}`
  return `no probe counted: fat ${describeLaunch(fat.launched)}`
}

/** Lean must come up as fat does; `ready` and `silent` differ in what listens, which the ports tell. */
function launchDifference({ fat, lean }: Observation): readonly Evidence[] {
  const [a, b] = [describeLaunch(fat.launched), describeLaunch(lean.launched)]
  if (fat.launched.kind === lean.launched.kind && lean.launched.kind !== 'ended') return []
  const [x, y] = [fat.launched, lean.launched]
  if (x.kind === 'ended' && y.kind === 'ended')
    if (x.ended.exitCode === y.ended.exitCode && x.ended.signal === y.ended.signal) return []
  if (x.kind === 'not-started') return []
  return [{ message: 'the apps come up differently', subject: 'start', fat: a, lean: b }]
}

function probeFailures({
  probe,
  result,
  differences,
  fat,
  lean,
}: ProbeOutcome): readonly Evidence[] {
  if (result !== 'different') return []
  const name = probeName(probe)
  const whole = { message: `${name}: the answers differ`, subject: `P7 ${name}`, fat, lean }
  const parts = differences.map(
    (difference): Evidence => ({
      message: `${name}: ${difference.what} differs`,
      subject: `P7 ${name}`,
      fat: difference.fat,
      lean: difference.lean,
    }),
  )
  return [whole, ...parts.filter((part) => part.fat !== fat || part.lean !== lean)]
}

function lifecycleDifferences({ fat, lean }: Observation): readonly Evidence[] {
  const out: Evidence[] = []
  const add = (what: string, a: string, b: string): void => {
    if (a !== b) out.push({ message: `${what} differ`, subject: what, fat: a, lean: b })
  }
  if ('container' in fat.launched && 'container' in lean.launched) {
    // An app that ended at its start has no ports and no end to compare: the start itself is the difference.
    if (fat.launched.kind === 'ended' || lean.launched.kind === 'ended') return out
    add('listening ports', portList(fat.listening), portList(lean.listening))
    add('ends before the stop signal', fat.endedEarly ?? 'runs', lean.endedEarly ?? 'runs')
    if (fat.stopped && lean.stopped) add('ends on the stop signal', endOf(fat), endOf(lean))
  }
  return out
}

/** Ports of Linux' ephemeral range (ip_local_port_range) are drawn by lot: how many there are is compared. */
function portList(ports: readonly number[]): string {
  const fixed = ports.filter((port) => port < 32768)
  const drawn = ports.length - fixed.length
  return [...fixed, ...(drawn > 0 ? [`${drawn} above 32767`] : [])].join(', ') || 'none'
}

function endOf({ stopped }: SideSeen): string {
  if (!stopped) return 'not stopped'
  if (stopped.killed) return 'ignores it and is killed'
  return stopped.signal === null ? `exit ${stopped.exitCode}` : `killed by ${stopped.signal}`
}

/** Errors that only lean logs: an app that catches its ImportError and answers all the same is not the same app. */
function logDifferences({ fat, lean }: Observation): readonly Evidence[] {
  return newSigns(fat.log, lean.log).map(({ line, missing }) => ({
    message: `only lean logs: ${line}`,
    subject: 'log',
    lean: line,
    ...(missing ? { missing } : {}),
  }))
}

/** What an app says when it starts is what it found: `no C extension, using the slow one` is another app. */
function firstLineDifferences({ firstLines }: Observation): readonly Evidence[] {
  const { onlyFat, onlyLean } = firstLines
  return [
    ...onlyFat.map((line) => ({ message: `only fat logs at its start: ${line}`, fat: line })),
    ...onlyLean.map((line) => ({ message: `only lean logs at its start: ${line}`, lean: line })),
  ].map((one) => ({ ...one, subject: 'first log lines' }))
}

function logEvidence({ fat, lean }: Observation): readonly Evidence[] {
  if (fat.log.trim() === '' && lean.log.trim() === '') return []
  return [{ message: 'the end of the logs', fat: lastLines(fat.log), lean: lastLines(lean.log) }]
}

function lifecycleNotes({ fat, lean }: Observation): readonly Evidence[] {
  const launched: Evidence = {
    message: `start${slower(fat.launched, lean.launched)}`,
    fat: describeLaunch(fat.launched),
    lean: describeLaunch(lean.launched),
  }
  if (!fat.stopped || !lean.stopped) return [launched]
  const end: Evidence = {
    message: 'stop signal',
    fat: `${endOf(fat)} after ${Math.round(fat.stopped.ms)} ms`,
    lean: `${endOf(lean)} after ${Math.round(lean.stopped.ms)} ms`,
  }
  return [launched, end]
}

/** Times of one start each, on a machine that does other things: shown, never judged. */
function slower(fat: Launched, lean: Launched): string {
  if (fat.kind !== 'ready' || lean.kind !== 'ready') return ''
  const clearly = lean.ms > 2 * fat.ms && lean.ms - fat.ms > 1_000
  return clearly ? `: lean takes ${(lean.ms / fat.ms).toFixed(1)} times as long` : ''
}

function shownEqual({ probe, fat, lean, notes }: ProbeOutcome): readonly Evidence[] {
  const name = probeName(probe)
  const compared = { message: name, subject: `P7 ${name}`, fat, lean }
  return [
    compared,
    ...[...new Set(notes)].map((note) => ({ message: `${name}: not compared literally: ${note}` })),
  ]
}

function shownOpen({ probe, reason, fat, lean }: ProbeOutcome): Evidence {
  const name = probeName(probe)
  return { message: `${name}: ${reason || 'equal'}`, subject: `P7 ${name}`, fat, lean }
}

function uncounted(outcomes: readonly ProbeOutcome[]): readonly string[] {
  const left = outcomes.filter(({ result }) => result === 'not-counted')
  const lines =
    left.length === 0
      ? []
      : [
          `P7: did not count, because fat does not answer them: ${left.map(({ probe }) => probeName(probe)).join('; ')}`,
        ]
  return [
    ...lines,
    `P7: values of these headers are not compared: ${Object.keys(ignoredHeaders).join(', ')}`,
  ]
}
