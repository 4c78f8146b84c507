import type {
  Clock,
  ContainerOptions,
  ContainerRunner,
  Ended,
  RunningContainer,
  Subject,
} from '../ports.ts'

/** What to wait for before the first question is asked. */
export type Readiness = {
  /** Ports that must listen; empty means any port. */
  readonly ports: readonly number[]
  /** How long a container may take to listen, milliseconds. */
  readonly readyMs: number
}

/** How a container came up. `ended` and `silent` containers are kept: their logs are evidence. */
export type Launched =
  | { readonly kind: 'not-started'; readonly reason: string }
  | {
      readonly kind: 'ready' | 'silent'
      readonly container: RunningContainer
      readonly listening: readonly number[]
      readonly ms: number
    }
  | { readonly kind: 'ended'; readonly container: RunningContainer; readonly ended: Ended }

/** Once one port listens, the other exposed ones get this long: many images expose ports they never open. */
const restMs = 3_000
const pollMs = 100

/** Starts a container with the image's own command. A start that fails is an answer, not an error. */
export async function startContainer(
  runner: ContainerRunner,
  subject: Subject,
  signal: AbortSignal | undefined,
  options: ContainerOptions = {},
): Promise<RunningContainer | { readonly reason: string }> {
  try {
    return await runner.start(subject, options, signal)
  } catch (error) {
    signal?.throwIfAborted()
    return { reason: error instanceof Error ? error.message : String(error) }
  }
}

/** Waits until the container listens, has ended, or the time is over. Sends nothing: a request could change the app. */
export async function waitReady(
  container: RunningContainer | { readonly reason: string },
  { ports, readyMs }: Readiness,
  clock: Clock,
  signal: AbortSignal | undefined,
): Promise<Launched> {
  if ('reason' in container) return { kind: 'not-started', reason: container.reason }
  const began = clock.now()
  let firstAt: number | undefined
  for (;;) {
    signal?.throwIfAborted()
    const ended = container.ended()
    if (ended) return { kind: 'ended', container, ended }
    const listening = await container.listening()
    const now = clock.now()
    const wanted = ports.length === 0 ? listening : ports.filter((port) => listening.includes(port))
    if (wanted.length > 0) firstAt ??= now
    const all = wanted.length > 0 && wanted.length >= ports.length
    if (all || (firstAt !== undefined && now - firstAt >= restMs))
      return { kind: 'ready', container, listening, ms: now - began }
    if (now - began >= readyMs) return { kind: 'silent', container, listening, ms: now - began }
    await clock.sleep(pollMs, signal)
  }
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
