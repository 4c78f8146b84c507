import { setTimeout as sleep } from 'node:timers/promises'
import { Fault, isFault } from '../base/index.ts'
import {
  type GateAnswer,
  type GateBoot,
  type GateHealth,
  type GateInput,
  type Policy,
  probeTarget,
} from '../gate/index.ts'
import { formatPlatform } from '../image/index.ts'
import {
  type ContainerRunner,
  healthcheckArgv,
  type RunningContainer,
  type Subject,
} from '../proof/index.ts'
import { hostPlatform } from './platform.ts'
import type { Session } from './session.ts'

type Runs = Pick<GateInput, 'answers' | 'boot' | 'health' | 'notStarted'>

const nothing: Runs = { answers: new Map(), boot: null, health: null, notStarted: null }

/**
 * Starts the image for each policy that wants to see it run. What keeps this machine from starting any container is no
 * finding about the image; an app that does not start is one.
 * @param subject null for an image that is not in the store
 */
export async function gateRuns(
  session: Session,
  policies: readonly Policy[],
  subject: Subject | null,
  given: ContainerRunner | undefined,
): Promise<Runs> {
  const probe = policies.find((policy) => policy.id === 'http-probe')
  const boots = policies.find((policy) => policy.id === 'boots')
  const healthy = policies.find((policy) => policy.id === 'healthcheck')
  if (!probe && !boots && !healthy) return nothing
  const hindrance = subject
    ? foreign(subject)
    : 'it is not in the store: jettison load or pull it first'
  if (!subject || hindrance !== null) return { ...nothing, notStarted: hindrance }
  try {
    const runner = given ?? (await session.engine()).proofRunner
    const answers = new Map<string, GateAnswer>()
    if (probe)
      answers.set(
        probe.url,
        await withApp(session, runner, subject, probe.env, (app) =>
          typeof app === 'string'
            ? { kind: 'none', reason: app }
            : ask(session, app, probe.url, probe.seconds ?? 30),
        ),
      )
    const boot = boots
      ? await withApp(session, runner, subject, boots.env, (app) =>
          typeof app === 'string'
            ? ({ kind: 'none', reason: app } as const)
            : watch(session, app, boots.seconds ?? 3),
        )
      : null
    const argv = healthy ? healthcheckArgv(subject.config.config) : undefined
    const health =
      healthy && argv
        ? await withApp(session, runner, subject, healthy.env, (app) =>
            typeof app === 'string'
              ? ({ kind: 'unhealthy', reason: app } as const)
              : checkHealth(session, app, argv, healthy.seconds ?? 30),
          )
        : null
    return { answers, boot, health, notStarted: null }
  } catch (error) {
    if (
      isFault(error) &&
      error.kind !== 'internal' &&
      error.kind !== 'invalid' &&
      !session.signal.aborted
    )
      return { ...nothing, notStarted: error.message }
    throw error
  }
}

function foreign({ config }: Subject): string | null {
  const host = hostPlatform()
  return config.os === host.os && config.architecture === host.architecture
    ? null
    : `it is for ${formatPlatform(config)}, and this machine is ${formatPlatform(host)}`
}

/** The app, or why it cannot be started; anything else that goes wrong is no finding about it. */
async function withApp<T>(
  session: Session,
  runner: ContainerRunner,
  subject: Subject,
  env: Readonly<Record<string, string>> | null,
  use: (app: RunningContainer | string) => T | Promise<T>,
): Promise<T> {
  const pairs = Object.entries(env ?? {}).map(([name, value]) => `${name}=${value}`)
  const app = await runner.start(subject, { env: pairs }, session.signal).catch(notStarted)
  if (typeof app === 'string') return use(app)
  try {
    return await use(app)
  } finally {
    await app.stop({ signal: 'SIGTERM', graceMs: 5000 })
  }
}

function notStarted(error: unknown): string {
  if (isFault(error) && error.code === 'CONTAINER_NOT_STARTED') return error.message
  throw error
}

/** Asks until the app answers, ends, or the time is over. */
async function ask(
  session: Session,
  app: RunningContainer,
  url: string,
  seconds: number,
): Promise<GateAnswer> {
  const target = probeTarget(url)
  // The file that the policy is from was checked.
  if (!target) throw new Fault('POLICY_INVALID', `${url} is no URL of the app`, { kind: 'invalid' })
  const { port, path } = target
  const until = Date.now() + seconds * 1000
  for (;;) {
    const answer = await app.request({ port, method: 'GET', path, timeoutMs: 5000 }, session.signal)
    if (answer.kind === 'answer')
      return {
        kind: 'answer',
        status: answer.status,
        body: Buffer.from(answer.body).toString('utf8'),
      }
    const ended = app.ended()
    if (ended)
      return {
        kind: 'none',
        reason: `the app ended with exit code ${ended.exitCode}: ${lastLines(app.logs())}`,
      }
    if (Date.now() > until)
      return {
        kind: 'none',
        reason: `no answer within ${seconds} s (${answer.reason}); the app said: ${lastLines(app.logs())}`,
      }
    await sleep(100, undefined, { signal: session.signal })
  }
}

/** Looks at the app until it ends or the time is over. */
async function watch(session: Session, app: RunningContainer, seconds: number): Promise<GateBoot> {
  const until = Date.now() + seconds * 1000
  for (;;) {
    const ended = app.ended()
    if (ended) return { kind: 'ended', exitCode: ended.exitCode, log: lastLines(app.logs()) }
    if (Date.now() > until) return { kind: 'runs' }
    await sleep(50, undefined, { signal: session.signal })
  }
}

/** Runs the check until it ends with 0, the app ends, or the time is over. */
async function checkHealth(
  { signal }: Session,
  app: RunningContainer,
  argv: readonly string[],
  seconds: number,
): Promise<GateHealth> {
  const until = Date.now() + seconds * 1000
  for (;;) {
    const timeoutMs = Math.max(1000, until - Date.now())
    const checked = await app.exec(argv, { timeoutMs, signal })
    if (checked.exitCode === 0 && !checked.timedOut) return { kind: 'healthy' }
    const said = checked.timedOut
      ? `${argv.join(' ')} did not end`
      : `${argv.join(' ')} ended with ${checked.exitCode}: ${lastLines(checked.stdout + checked.stderr)}`
    if (app.ended()) return { kind: 'unhealthy', reason: `the app ended: ${lastLines(app.logs())}` }
    if (Date.now() > until) return { kind: 'unhealthy', reason: said }
    await sleep(200, undefined, { signal })
  }
}

function lastLines(logs: string): string {
  return logs.trimEnd().split('\n').slice(-5).join(' | ') || 'nothing'
}
