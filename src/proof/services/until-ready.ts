import { Fault } from '../../base/index.ts'
import type { Clock, RunningContainer } from '../ports.ts'
import { exposedPorts, healthcheckArgv } from '../probes/index.ts'
import type { Service } from './types.ts'

/** How long a service may take; a database that makes its files first needs a while. */
const readyMs = 120_000
const pollMs = 100
const healthMs = 10_000

type Waiting = {
  /** Ports that listened before it was started: all services share one network. */
  readonly taken: readonly number[]
  readonly clock: Clock
  readonly signal: AbortSignal | undefined
}

/**
 * Waits until a service listens (on a port that its image exposes, when it exposes any) and its health check passes.
 * @returns every port that listens now
 * @throws Fault SERVICE_NOT_READY with the end of its log
 */
export async function untilReady(
  container: RunningContainer,
  service: Service,
  { taken, clock, signal }: Waiting,
): Promise<readonly number[]> {
  const began = clock.now()
  const exposed = exposedPorts(service.subject.config.config)
  const health = service.health ?? healthcheckArgv(service.subject.config.config)
  for (let why = ''; ; ) {
    signal?.throwIfAborted()
    const ended = container.ended()
    if (ended) throw notReady(service, container, `ended with exit ${ended.exitCode}`)
    if (clock.now() - began >= readyMs) throw notReady(service, container, why)
    const ports = await container.listening()
    const own = ports.filter((port) =>
      exposed.length > 0 ? exposed.includes(port) : !taken.includes(port),
    )
    why = 'listens on no port that others reach'
    if (own.length > 0) {
      if (!health || (await isHealthy(container, health, signal))) return ports
      why = 'does not pass its health check'
    }
    await clock.sleep(pollMs, signal)
  }
}

async function isHealthy(
  container: RunningContainer,
  argv: readonly string[],
  signal: AbortSignal | undefined,
): Promise<boolean> {
  try {
    const done = await container.exec(argv, { timeoutMs: healthMs, ...(signal ? { signal } : {}) })
    return done.exitCode === 0
  } catch {
    signal?.throwIfAborted()
    return false
  }
}

function notReady({ name, subject }: Service, container: RunningContainer, why: string): Fault {
  const last = container.logs().trimEnd().split('\n').at(-1) ?? ''
  const said = last === '' ? '' : `: ${last}`
  return new Fault('SERVICE_NOT_READY', `the service ${name} (${subject.name}) ${why}${said}`, {
    hint: 'jettison run shows what it says; settings follow its name: --service NAME=IMAGE,KEY=VALUE',
  })
}
