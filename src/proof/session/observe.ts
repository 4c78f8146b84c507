import { type Scope, withScope } from '../../base/index.ts'
import type { ContainerConfig } from '../../image/index.ts'
import type {
  Clock,
  ContainerOptions,
  ContainerRunner,
  OpenedFiles,
  RunningContainer,
  Subject,
} from '../ports.ts'
import { candidatesFor, type Probe, unique } from '../probes/index.ts'
import { askCommand, askHttp, type Commanded, type Pair, type ProbeOutcome } from './ask.ts'
import { askRun, withoutContainer } from './ask-run.ts'
import { compareFirstLines, type FirstLines } from './first-lines.ts'
import { type Launched, startContainer, waitReady } from './launch.ts'
import { askOthers } from './others.ts'
import { defaultTiming, type Timing } from './timing.ts'

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
  /** Lines that only one side logs when it starts, each time that it does. */
  readonly firstLines: FirstLines
  /** What fat opened from its start to its end. */
  readonly opened: OpenedFiles
}

export type ObserveInput = {
  readonly fat: Subject
  readonly lean: Subject
  readonly probes: readonly Probe[]
  /** The base's own configuration of fat: a command that comes from it is not the app's. */
  readonly fatBase: ContainerConfig | undefined
  /** Starts apps with everything they were given (services, settings). */
  readonly runner: ContainerRunner
  readonly clock: Clock
  readonly timing: Timing
  readonly signal: AbortSignal | undefined
}

/** Starts both, waits, asks every probe of both, stops both. Nothing that it started is left, also on an abort. */
export function observe(input: ObserveInput): Promise<Observation> {
  return withScope(async (scope) => {
    const { clock, signal, timing, runner } = input
    const containers = await Promise.all([
      startOne(scope, runner, input.fat, signal, { trace: true }),
      startOne(scope, runner, input.lean, signal),
    ])
    const ports = [
      ...new Set(input.probes.flatMap((probe) => (probe.kind === 'http' ? [probe.port] : []))),
    ]
    const readiness = { ports, readyMs: timing.readyMs }
    const [fat, lean] = await Promise.all([
      waitReady(containers[0], readiness, clock, signal),
      waitReady(containers[1], readiness, clock, signal),
    ])
    const logs = { fat: logOf(fat), lean: logOf(lean) }
    const outcomes = await askOthers(await askAll(input, fat, lean), input, readiness)
    const [fatSeen, leanSeen] = await settle(input, fat, lean)
    const opened = await openedBy(fat)
    const started = {
      fat: { ...fatSeen, first: logs.fat },
      lean: { ...leanSeen, first: logs.lean },
    }
    const firstLines = await compareFirstLines(started, input, readiness)
    return { fat: fatSeen, lean: leanSeen, outcomes, firstLines, opened }
  })
}

async function startOne(
  scope: Scope,
  runner: ContainerRunner,
  subject: Subject,
  signal: AbortSignal | undefined,
  options: ContainerOptions = {},
): Promise<Awaited<ReturnType<typeof startContainer>>> {
  const container = await startContainer(runner, subject, signal, options)
  if (!('reason' in container))
    scope.add(container, async (running) => {
      await running.stop({ signal: 'SIGKILL', graceMs: 1_000 })
    })
  return container
}

function logOf(side: Launched): string {
  return 'container' in side ? side.container.logs() : ''
}

async function openedBy(side: Launched): Promise<OpenedFiles> {
  if (!('container' in side)) return { reason: 'fat did not start' }
  return (await side.container.opened?.()) ?? { reason: 'this engine cannot watch a container' }
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
          : await askCommand(probe, commanded(input, pair), options),
      )
    }
  }
  return outcomes
}

/** Beside the app while it runs; where it has ended, as of an image that only brings programs, by itself. */
function commanded({ runner, fat, lean }: ObserveInput, pair: Pair): Record<keyof Pair, Commanded> {
  const side = (container: RunningContainer, subject: Subject): Commanded => ({
    ended: () => container.ended(),
    exec: (argv, options) =>
      container.ended() === undefined
        ? container.exec(argv, options)
        : runner.run(
            subject,
            {
              entrypoint: argv,
              command: [],
              timeoutMs: options?.timeoutMs ?? defaultTiming.requestMs,
            },
            options?.signal,
          ),
  })
  return { fat: side(pair.fat, fat), lean: side(pair.lean, lean) }
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
    return { launched: side, listening: ports[at] ?? [], endedEarly, stopped, log: logOf(side) }
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
