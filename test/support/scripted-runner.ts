import type {
  Clock,
  ContainerOptions,
  ContainerRunner,
  Executed,
  HttpProbeAnswer,
  HttpProbeRequest,
  RunningContainer,
  Subject,
} from '../../src/proof/index.ts'

/** How one image behaves, for tests of the rules that judge behaviour. Times are those of `steppedClock`. */
export type Script = {
  readonly ports?: readonly number[]
  readonly answer?: (request: HttpProbeRequest, count: number) => HttpProbeAnswer
  readonly exec?: (argv: readonly string[]) => Executed
  readonly run?: (argv: readonly string[]) => Executed
  readonly log?: string
  /** Ends by itself with this exit code. */
  readonly ends?: number
  /** How many looks at it still find it alive; none unless said. */
  readonly lives?: number
  /** What the stop signal leads to. */
  readonly stops?: { readonly exitCode: number; readonly killed: boolean }
  readonly startFails?: string
}

export type ScriptedRunner = ContainerRunner & {
  readonly running: () => number
  /** Every start, in order. */
  readonly started: readonly { readonly name: string; readonly options: ContainerOptions }[]
}

/** A runner that plays scripts by image name. */
export function scriptedRunner(scripts: Readonly<Record<string, Script>>): ScriptedRunner {
  let running = 0
  const started: { name: string; options: ContainerOptions }[] = []
  const scriptOf = (subject: Subject): Script => scripts[subject.name] ?? {}
  return {
    running: () => running,
    started,
    start: async (subject, options) => {
      const script = scriptOf(subject)
      started.push({ name: subject.name, options })
      if (script.startFails !== undefined) throw new Error(script.startFails)
      running += 1
      return play(script, () => {
        running -= 1
      })
    },
    run: async (subject, { entrypoint = [], command = [] }) =>
      scriptOf(subject).run?.([...entrypoint, ...command]) ?? done(0, ''),
  }
}

/** An answer with a body of text or JSON. */
export function answered(
  status: number,
  body: unknown,
  headers: Readonly<Record<string, string>> = {},
): HttpProbeAnswer {
  const text = typeof body === 'string' ? body : JSON.stringify(body)
  return { kind: 'answer', status, headers, body: new TextEncoder().encode(text) }
}

export function done(exitCode: number, stdout: string, stderr = ''): Executed {
  return { exitCode, stdout, stderr }
}

/** Time that passes only when somebody sleeps. */
export function steppedClock(): Clock {
  let now = 0
  return {
    now: () => now,
    sleep: async (ms, signal) => {
      signal?.throwIfAborted()
      now += ms
    },
  }
}

function play(script: Script, gone: () => void): RunningContainer {
  const counts = new Map<string, number>()
  let left = false
  const leave = (): void => {
    if (!left) gone()
    left = true
  }
  let looks = script.lives ?? 0
  const ended = (): { exitCode: number; signal: null } | undefined => {
    if (script.ends === undefined || looks-- > 0) return undefined
    leave()
    return { exitCode: script.ends, signal: null }
  }
  if (looks === 0) ended()
  return {
    request: async (request) => {
      const key = `${request.method} ${request.path}`
      const count = (counts.get(key) ?? 0) + 1
      counts.set(key, count)
      if (left || !script.ports?.includes(request.port))
        return { kind: 'none', reason: 'ECONNREFUSED' }
      return script.answer?.(request, count) ?? answered(404, 'not found')
    },
    exec: async (argv) => script.exec?.(argv) ?? done(127, '', 'not found'),
    listening: async () => (left ? [] : (script.ports ?? [])),
    logs: () => script.log ?? '',
    ended,
    stop: async () => {
      leave()
      return { ...(script.stops ?? { exitCode: 0, killed: false }), signal: null, ms: 5 }
    },
  }
}
