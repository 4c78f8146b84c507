import type { EventSink } from '../base/index.ts'
import type { ContainerConfig } from '../image/index.ts'
import type { SecondaryEntrypoint } from './entrypoints/index.ts'
import { judge } from './judge.ts'
import type { Clock, ContainerOptions, ContainerRunner, OpenedFiles, Subject } from './ports.ts'
import { type Probe, unique } from './probes/index.ts'
import type { Finding, LeanChange, Rung, RungInput } from './rung.ts'
import { rungs } from './rungs/index.ts'
import { type AbsentService, type AppConditions, appRunner } from './services/index.ts'
import { defaultTiming, type Observation, observe, type Timing } from './session/index.ts'
import { sideOf } from './side.ts'
import type { Proof, RungResult, Trace } from './verdict.ts'

export type ProofOptions = {
  /** Configurations of the two base images: differences that come from them do not fail P1. */
  readonly baseConfigs?: { readonly fat?: ContainerConfig; readonly lean?: ContainerConfig }
  /** Budget of P10, uncompressed bytes. */
  readonly maxSize?: number
  readonly standInBases?: boolean
  /** Other commands that the project starts its image with (P8). */
  readonly entrypoints?: readonly SecondaryEntrypoint[]
  /** How many mutants of lean P9 makes; `defaultMutations` unless told. */
  readonly mutations?: number | 'all'
  /** Other images that the app needs, and settings it is started with, on both sides. */
  readonly conditions?: AppConditions
  /** Services that the project names and that could not be had: they are what would make it provable. */
  readonly absentServices?: readonly AbsentService[]
  readonly timing?: Partial<Timing>
}

export type ProveInput = {
  readonly fat: Subject
  readonly lean: Subject
  /** Given probes first; see `discoverProbes` for those that the image proposes by itself. */
  readonly probes: readonly Probe[]
  readonly runner: ContainerRunner
  readonly clock: Clock
  readonly options?: ProofOptions
  readonly emit: EventSink
  readonly signal?: AbortSignal
}

type Timed = Finding & { readonly ms: number }

/** Few enough to cost less than half a second on a usual image. */
export const defaultMutations = 4

/**
 * Climbs the ladder (DESIGN §6): static rungs first, then those that run containers, every one of them, because each
 * failure is evidence for the repair. Nothing that it started is left when it returns or throws.
 * @throws the signal's reason when aborted; what a tree or the engine throws when it is broken itself
 */
export async function prove(input: ProveInput): Promise<Proof> {
  const findings = new Map<Rung, Timed>()
  const shared = rungInput(input)
  const order = [...rungs.filter(({ runs }) => !runs), ...rungs.filter(({ runs }) => runs)]
  for (const rung of order) {
    // Static rungs wait for nothing: whoever stops the proof is heard here.
    await input.clock.sleep(0)
    input.signal?.throwIfAborted()
    input.emit({ kind: 'phase', name: 'prove', detail: `${rung.id} ${rung.title}` })
    const began = input.clock.now()
    const finding = await rung.examine(shared)
    findings.set(rung, { ...finding, ms: Math.round(input.clock.now() - began) })
  }
  const seen = await shared.observe()
  lookAgain(shared, seen, findings)
  const results = rungs.map((rung) => resultOf(rung, findings.get(rung)))
  const all = rungs.flatMap((rung) => findings.get(rung) ?? [])
  return {
    verdict: judge(results),
    standInBases: input.options?.standInBases ?? false,
    rungs: results,
    notExercised: all.flatMap(({ notExercised }) => notExercised ?? []),
    wouldProve: [...new Set(all.flatMap(({ wouldProve }) => wouldProve ?? []))],
    trace: traceOf(seen.opened, input.fat),
  }
}

/** Of the image: what the app made itself is left out. */
function traceOf(opened: OpenedFiles, { tree }: Subject): Trace {
  if ('reason' in opened) return opened
  const known = [...opened.files].filter(([path]) => tree.lookup(path)).sort(byPath)
  const paths = (how: string): readonly string[] =>
    known.flatMap(([path, one]) => (one === how ? [path] : []))
  return { opened: paths('opened'), executed: paths('executed') }
}

function byPath([a]: readonly [string, string], [b]: readonly [string, string]): number {
  return a < b ? -1 : 1
}

/** Static rungs that the run has something to say to. */
function lookAgain(input: RungInput, seen: Observation, findings: Map<Rung, Timed>): void {
  for (const [rung, { ms, ...finding }] of findings)
    if (rung.afterRun) findings.set(rung, { ...rung.afterRun(finding, input, seen), ms })
}

function rungInput({ options = {}, ...input }: ProveInput): RungInput {
  const probes = unique(input.probes)
  const baseConfigs = options.baseConfigs ?? {}
  const conditions = options.conditions ?? { services: [], env: [] }
  const started = appRunner(input.runner, conditions, input.clock)
  let seen: Promise<Observation> | undefined
  const start = (lean = input.lean, runner = started): Promise<Observation> =>
    observe({
      fat: input.fat,
      lean,
      probes,
      fatBase: baseConfigs.fat,
      runner,
      clock: input.clock,
      timing: { ...defaultTiming, ...options.timing },
      signal: input.signal,
    })
  return {
    fat: sideOf(input.fat),
    lean: sideOf(input.lean),
    baseConfigs,
    maxSize: options.maxSize,
    probes,
    entrypoints: options.entrypoints ?? [],
    mutations: options.mutations ?? defaultMutations,
    runner: input.runner,
    appRunner: started,
    absentServices: options.absentServices ?? [],
    clock: input.clock,
    observe: () => {
      seen ??= start()
      return seen
    },
    observeMutant: (change) => {
      const lean = changedSubject(input.lean, change)
      return start(lean, withoutPaths(started, lean, change.without ?? []))
    },
    signal: input.signal,
  }
}

function changedSubject(lean: Subject, { config }: LeanChange): Subject {
  return config ? { ...lean, config: { ...lean.config, config } } : { ...lean }
}

/** The runner whose containers of one subject lack these paths. */
function withoutPaths(
  runner: ContainerRunner,
  subject: Subject,
  without: readonly string[],
): ContainerRunner {
  const changed = <T extends ContainerOptions>(one: Subject, options: T): T =>
    one === subject ? { ...options, without } : options
  return {
    start: (one, options, signal) => runner.start(one, changed(one, options), signal),
    run: (one, options, signal) => runner.run(one, changed(one, options), signal),
  }
}

/** A rung that claims to pass without having looked at anything has decided nothing. */
function resultOf(rung: Rung, finding: Timed | undefined): RungResult {
  const named = { rung: rung.id, title: rung.title }
  if (!finding)
    return { ...named, status: 'unproven', summary: 'did not run', evidence: [], examined: 0 }
  const { status, summary, evidence, examined, ms } = finding
  if (status === 'pass' && examined === 0)
    return { ...named, status: 'unproven', summary: 'examined nothing', evidence, examined, ms }
  return { ...named, status, summary, evidence, examined, ms }
}
