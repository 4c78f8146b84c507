import { type Scope, withScope } from '../../base/index.ts'
import type { ContainerConfig } from '../../image/index.ts'
import { compareOutput, compareStream, type Likeness, otherOrder } from '../compare/index.ts'
import type { Clock, ContainerRunner, RunningContainer, Subject } from '../ports.ts'
import {
  candidatesFor,
  isBareInterpreter,
  type Probe,
  type RunProbe,
  unique,
  whyVain,
} from '../probes/index.ts'
import { askCommand, askHttp, fromLikenesses, type ProbeOutcome } from './ask.ts'
import { type Launched, startContainer, waitReady } from './launch.ts'
import { askOthers } from './others.ts'

/** How an app took its stop signal. */
export type Stopped = Awaited<ReturnType<RunningContainer['stop']>>

/** All that was seen of one side. */
export type SideSeen = {
  readonly launched: Launched
  /** Ports that listened after the last probe. */
  readonly listening: readonly number[]
  /** Set when the app ended by itself, before it was told to. */
  readonly endedEarly: string | undefined
  readonly stopped: Stopped | undefined
  readonly log: string
}

/** Both images run side by side with the same questions. */
export type Observation = {
  readonly fat: SideSeen
  readonly lean: SideSeen
  readonly outcomes: readonly ProbeOutcome[]
}

export type ObserveInput = {
  readonly fat: Subject
  readonly lean: Subject
  readonly probes: readonly Probe[]
  /** The base's own configuration of fat: a command that comes from it is not the app's. */
  readonly fatBase: ContainerConfig | undefined
  readonly runner: ContainerRunner
  readonly clock: Clock
  readonly timing: Timing
  readonly signal: AbortSignal | undefined
}

/** Bounds of the running rungs, milliseconds. */
export type Timing = {
  readonly readyMs: number
  readonly warmMs: number
  readonly requestMs: number
  readonly graceMs: number
}

export const defaultTiming: Timing = {
  readyMs: 60_000,
  warmMs: 5_000,
  requestMs: 10_000,
  graceMs: 5_000,
}

/** Starts both, waits, asks every probe of both, stops both. Nothing that it started is left, also on an abort. */
export function observe(input: ObserveInput): Promise<Observation> {
  return withScope(async (scope) => {
    const { clock, signal, timing, runner } = input
    const started = await Promise.all([
      startOne(scope, runner, input.fat, signal),
      startOne(scope, runner, input.lean, signal),
    ])
    const ports = [
      ...new Set(input.probes.flatMap((probe) => (probe.kind === 'http' ? [probe.port] : []))),
    ]
    const readiness = { ports, readyMs: timing.readyMs }
    const [fat, lean] = await Promise.all([
      waitReady(started[0], readiness, clock, signal),
      waitReady(started[1], readiness, clock, signal),
    ])
    const outcomes = await askOthers(await askAll(input, fat, lean), input, readiness)
    const [fatSeen, leanSeen] = await settle(input, fat, lean)
    return { fat: fatSeen, lean: leanSeen, outcomes }
  })
}

async function startOne(
  scope: Scope,
  runner: ContainerRunner,
  subject: Subject,
  signal: AbortSignal | undefined,
): Promise<Awaited<ReturnType<typeof startContainer>>> {
  const container = await startContainer(runner, subject, signal)
  if (!('reason' in container))
    scope.add(container, async (running) => {
      if (!running.ended()) await running.stop({ signal: 'SIGKILL', graceMs: 1_000 })
    })
  return container
}

async function askAll(
  input: ObserveInput,
  fat: Launched,
  lean: Launched,
): Promise<readonly ProbeOutcome[]> {
  const { timing, clock, signal } = input
  const open = fat.kind === 'ready' ? fat.listening : []
  const covered = new Set(input.probes.map((probe) => (probe.kind === 'http' ? probe.port : 0)))
  const extra = open
    .filter((port) => !covered.has(port))
    .flatMap((port) => candidatesFor(port, 'listening'))
  const options = {
    clock,
    timeoutMs: timing.requestMs,
    warmUntil: clock.now() + timing.warmMs,
    signal,
  }
  const outcomes: ProbeOutcome[] = []
  for (const probe of unique([...input.probes, ...extra])) {
    if (probe.kind === 'run') outcomes.push(await askRun(probe, input, fat, lean))
    else if (!('container' in fat) || !('container' in lean))
      outcomes.push(withoutContainer(probe, fat, lean))
    else {
      const pair = { fat: fat.container, lean: lean.container }
      outcomes.push(
        probe.kind === 'http'
          ? await askHttp(probe, pair, options)
          : await askCommand(probe, pair, options),
      )
    }
  }
  return outcomes
}

/** A side that could not be started answers nothing; the rungs report the start itself. */
function withoutContainer(probe: Probe, fat: Launched, lean: Launched): ProbeOutcome {
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
async function askRun(
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

/** Ports and logs after the last probe, then the stop signal to both at once. */
async function settle(
  { fat, lean, clock, timing, signal }: ObserveInput,
  ...launched: readonly [Launched, Launched]
): Promise<[SideSeen, SideSeen]> {
  let ports = await Promise.all(launched.map(portsOf))
  if (String(ports[0]) !== String(ports[1])) {
    // A port can open late; a second look a second later tells a late one from a missing one.
    await clock.sleep(1_000, signal)
    ports = await Promise.all(launched.map(portsOf))
  }
  // Two apps that both end by themselves are alike, also when only one was seen to listen for a moment before it did.
  const sides = launched.every(hasEnded) ? launched.map(asEnded) : launched
  const see = async (side: Launched, at: number, config: ContainerConfig): Promise<SideSeen> => {
    const endedEarly = endOf(side)
    const stopped =
      'container' in side && endedEarly === undefined
        ? await side.container.stop({
            signal: config.StopSignal ?? 'SIGTERM',
            graceMs: timing.graceMs,
          })
        : undefined
    const log = 'container' in side ? side.container.logs() : ''
    return { launched: side, listening: ports[at] ?? [], endedEarly, stopped, log }
  }
  return Promise.all([
    see(sides[0] ?? launched[0], 0, fat.config.config),
    see(sides[1] ?? launched[1], 1, lean.config.config),
  ])
}

function hasEnded(side: Launched): boolean {
  return 'container' in side && side.container.ended() !== undefined
}

function asEnded(side: Launched): Launched {
  const ended = 'container' in side ? side.container.ended() : undefined
  return 'container' in side && ended ? { kind: 'ended', container: side.container, ended } : side
}

async function portsOf(side: Launched): Promise<readonly number[]> {
  return 'container' in side && !side.container.ended() ? side.container.listening() : []
}

function endOf(side: Launched): string | undefined {
  const ended = 'container' in side ? side.container.ended() : undefined
  if (!ended) return undefined
  return ended.signal === null ? `exit ${ended.exitCode}` : `killed by ${ended.signal}`
}

/** How a side came up, in a few words. */
export function describeLaunch(side: Launched): string {
  switch (side.kind) {
    case 'not-started':
      return `did not start: ${side.reason}`
    case 'ended':
      return side.ended.signal === null
        ? `ended with exit ${side.ended.exitCode}`
        : `killed by ${side.ended.signal}`
    case 'ready':
      return `listens on ${side.listening.join(', ')} after ${Math.round(side.ms)} ms`
    case 'silent':
      return `still runs after ${Math.round(side.ms)} ms and listens on no port`
  }
}
