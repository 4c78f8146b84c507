import {
  type Answer,
  compareAnswers,
  compareStream,
  describeAnswer,
  type Likeness,
  whyNotCounted,
} from '../compare/index.ts'
import type { Clock, Executed, HttpProbeAnswer, RunningContainer } from '../ports.ts'
import { type CommandProbe, type HttpProbe, isSafe, type Probe, whyVain } from '../probes/index.ts'

/**
 * One probe on both sides. `not-counted`: fat does not answer as it should, so lean's answer proves nothing.
 * `undecided`: fat answers as it should, but never twice the same.
 */
export type ProbeOutcome = {
  readonly probe: Probe
  readonly result: 'equal' | 'different' | 'not-counted' | 'undecided'
  /** Fat answered as it should, whatever lean did. */
  readonly fatCounts: boolean
  /** Why it was not counted or not decided; empty otherwise. */
  readonly reason: string
  readonly fat: string
  readonly lean: string
  readonly differences: readonly {
    readonly what: string
    readonly fat: string
    readonly lean: string
  }[]
  /** What was not compared literally, one line each. */
  readonly notes: readonly string[]
  /**
   * Judges again with the answer of another process of fat; set when that could change the result: values that fat
   * repeats and lean has otherwise may belong to the process and not to the app.
   */
  readonly again?: (fresh: HttpProbeAnswer) => ProbeOutcome
}

export type Pair = { readonly fat: RunningContainer; readonly lean: RunningContainer }
/** Where a command can be run. */
export type Commanded = Pick<RunningContainer, 'exec' | 'ended'>
export type AskOptions = {
  readonly clock: Clock
  /** For one request or command, milliseconds. */
  readonly timeoutMs: number
  /** Until when an app that listens may still refuse or answer 503, by the clock; one budget for all probes. */
  readonly warmUntil: number
  readonly signal: AbortSignal | undefined
}

const retryMs = 250
/** Fat is asked this often in all before a body that differs from lean's is called different. */
const mostSamples = 4

export async function askHttp(
  probe: HttpProbe,
  { fat, lean }: Pair,
  options: AskOptions,
): Promise<ProbeOutcome> {
  const first = await warmRequest(fat, probe, options)
  const why = whyNotCounted(probe, first)
  const leanFirst = await warmRequest(lean, probe, options)
  if (why !== undefined || first.kind === 'none')
    return notCounted(probe, why ?? '', first, leanFirst)
  const samples: Answer[] = []
  const leanAnswers: HttpProbeAnswer[] = [leanFirst]
  if (isSafe(probe)) {
    keep(samples, await request(fat, probe, options))
    leanAnswers.push(await request(lean, probe, options))
  }
  let outcome = judged(probe, first, samples, leanAnswers)
  while (outcome.result === 'different' && samples.length > 0 && samples.length < mostSamples) {
    await options.clock.sleep(retryMs, options.signal)
    const before = samples.length
    keep(samples, await request(fat, probe, options))
    if (samples.length === before) break
    outcome = judged(probe, first, samples, leanAnswers)
  }
  if (!isSafe(probe)) return outcome
  return withAgain(outcome, { probe, first, samples, leanAnswers })
}

type Asked = {
  readonly probe: HttpProbe
  readonly first: Answer
  readonly samples: readonly Answer[]
  readonly leanAnswers: readonly HttpProbeAnswer[]
}

/** How often another process of fat is asked at most; one that answers as the first did decides at once. */
const mostProcesses = 3

function withAgain(outcome: ProbeOutcome, asked: Asked, processes = 0): ProbeOutcome {
  const { probe, first, samples, leanAnswers } = asked
  const open = outcome.result === 'different' || outcome.result === 'undecided'
  const answered = leanAnswers.every((one) => one.kind === 'answer' && one.status === first.status)
  if (!open || !answered || processes >= mostProcesses) return outcome
  return {
    ...outcome,
    again: (fresh) => {
      if (fresh.kind === 'none') return outcome
      const more = [...samples, fresh]
      const next = judged(probe, first, more, leanAnswers, 'decided')
      const repeats = Buffer.compare(fresh.body, first.body) === 0
      return repeats ? next : withAgain(next, { ...asked, samples: more }, processes + 1)
    },
  }
}

export async function askCommand(
  probe: CommandProbe,
  { fat, lean }: Readonly<Record<keyof Pair, Commanded>>,
  options: AskOptions,
): Promise<ProbeOutcome> {
  const first = await warmExec(fat, probe, options)
  const other = await warmExec(lean, probe, options)
  const vain = whyVain(probe)
  const shown = {
    probe,
    fatCounts: first.exitCode === 0 && vain === undefined,
    fat: describeExecuted(first),
    lean: describeExecuted(other),
    notes: [],
  }
  if (first.exitCode !== other.exitCode)
    return {
      ...shown,
      result: 'different',
      reason: '',
      differences: [{ what: 'exit code', fat: shown.fat, lean: shown.lean }],
    }
  if (first.exitCode !== 0)
    return { ...shown, result: 'not-counted', reason: `exits ${first.exitCode}`, differences: [] }
  if (vain !== undefined) return { ...shown, result: 'not-counted', reason: vain, differences: [] }
  const again = first.stdout === other.stdout ? [] : [(await exec(fat, probe, options)).stdout]
  return {
    ...shown,
    ...fromLikenesses({ output: compareStream(first.stdout, other.stdout, again) }),
  }
}

/**
 * Turns likenesses by aspect into a result, differences and notes. Doubts leave it undecided, until another process of
 * fat has been asked: then what fat still repeats is a difference.
 */
export function fromLikenesses(
  aspects: Readonly<Record<string, Likeness>>,
  doubts: 'open' | 'decided' = 'open',
): Pick<ProbeOutcome, 'result' | 'reason' | 'differences' | 'notes'> {
  const all = Object.entries(aspects)
  const doubted = all.flatMap(([what, likeness]) =>
    likeness.kind === 'masked' ? (likeness.doubts ?? []).map((one) => ({ what, ...one })) : [],
  )
  const differences = all.flatMap(([what, likeness]) =>
    likeness.kind === 'different' ? [{ what, fat: likeness.fat, lean: likeness.lean }] : [],
  )
  if (doubts === 'decided') differences.push(...doubted)
  const unstable = all.flatMap(([what, likeness]) =>
    likeness.kind === 'unstable' ? [`${what}: ${likeness.reason}`] : [],
  )
  if (doubts === 'open')
    unstable.push(
      ...doubted.map(
        ({ what, fat, lean }) =>
          `${what}: fat repeats ${fat} and lean has ${lean}, which may belong to the process`,
      ),
    )
  const notes = all.flatMap(([what, likeness]) =>
    likeness.kind === 'masked' ? likeness.notes.map((note) => `${what} ${note}`) : [],
  )
  if (differences.length > 0) return { result: 'different', reason: '', differences, notes }
  if (unstable.length > 0)
    return { result: 'undecided', reason: unstable.join('; '), differences, notes }
  return { result: 'equal', reason: '', differences, notes }
}

function judged(
  probe: HttpProbe,
  first: Answer,
  samples: readonly Answer[],
  leanAnswers: readonly HttpProbeAnswer[],
  doubts: 'open' | 'decided' = 'open',
): ProbeOutcome {
  const results = leanAnswers.map((answer): ProbeOutcome => {
    const shown = {
      probe,
      fatCounts: true,
      fat: describeAnswer(first),
      lean: describeAnswer(answer),
    }
    const broken = whyNotCounted(probe, answer)
    const whole = { what: 'answer', fat: shown.fat, lean: shown.lean }
    if (answer.kind === 'none')
      return { ...shown, result: 'different', reason: '', differences: [whole], notes: [] }
    const judgement = fromLikenesses(compareAnswers(first, answer, samples), doubts)
    if (broken !== undefined && judgement.differences.length === 0)
      return { ...shown, ...judgement, result: 'different', differences: [whole] }
    return { ...shown, ...judgement }
  })
  const worst = ['different', 'undecided', 'equal'] as const
  for (const result of worst) {
    const found = results.find((outcome) => outcome.result === result)
    if (found) return found
  }
  return notCounted(probe, 'lean was not asked', first, { kind: 'none', reason: 'not asked' })
}

/** A discovered path that fat does not serve proves nothing; that lean answers it otherwise is a difference. */
function notCounted(
  probe: HttpProbe,
  reason: string,
  fat: HttpProbeAnswer,
  lean: HttpProbeAnswer,
): ProbeOutcome {
  const shown = {
    probe,
    fatCounts: false,
    fat: describeAnswer(fat),
    lean: describeAnswer(lean),
    notes: [],
  }
  const other =
    fat.kind === 'answer' &&
    lean.kind === 'answer' &&
    lean.status !== fat.status &&
    fat.status < 500
  if (!other) return { ...shown, result: 'not-counted', reason, differences: [] }
  return {
    ...shown,
    result: 'different',
    reason,
    differences: [{ what: 'status', fat: shown.fat, lean: shown.lean }],
  }
}

/** Asks until the app is warm: while it refuses or answers 503 and there is time. */
export async function warmRequest(
  container: RunningContainer,
  probe: HttpProbe,
  options: AskOptions,
): Promise<HttpProbeAnswer> {
  for (;;) {
    const answer = await request(container, probe, options)
    const cold = answer.kind === 'none' || answer.status === 503
    if (!cold || container.ended() !== undefined || options.clock.now() >= options.warmUntil)
      return answer
    await options.clock.sleep(retryMs, options.signal)
  }
}

async function request(
  container: RunningContainer,
  { port, method, path, headers, body }: HttpProbe,
  { timeoutMs, signal }: AskOptions,
): Promise<HttpProbeAnswer> {
  try {
    const more = { ...(headers ? { headers } : {}), ...(body === undefined ? {} : { body }) }
    return await container.request({ port, method, path, timeoutMs, ...more }, signal)
  } catch (error) {
    signal?.throwIfAborted()
    return { kind: 'none', reason: error instanceof Error ? error.message : String(error) }
  }
}

async function warmExec(
  container: Commanded,
  probe: CommandProbe,
  options: AskOptions,
): Promise<Executed> {
  for (;;) {
    const done = await exec(container, probe, options)
    const over = container.ended() !== undefined || options.clock.now() >= options.warmUntil
    if (done.exitCode === 0 || over) return done
    await options.clock.sleep(retryMs, options.signal)
  }
}

/** A program that cannot be started is an answer with the shell's exit code for it. */
async function exec(
  container: Commanded,
  { argv }: CommandProbe,
  { timeoutMs, signal }: AskOptions,
): Promise<Executed> {
  try {
    return await container.exec(argv, { timeoutMs, ...(signal ? { signal } : {}) })
  } catch (error) {
    signal?.throwIfAborted()
    const stderr = error instanceof Error ? error.message : String(error)
    return { exitCode: 127, stdout: '', stderr }
  }
}

function keep(samples: Answer[], answer: HttpProbeAnswer): void {
  if (answer.kind === 'answer') samples.push(answer)
}

function describeExecuted({ exitCode, stdout, stderr }: Executed): string {
  return `exit ${exitCode} ${`${stdout}${stderr}`.trim().slice(0, 400)}`.trim()
}
