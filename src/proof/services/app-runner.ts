import { Fault, Scope } from '../../base/index.ts'
import type {
  Clock,
  ContainerOptions,
  ContainerRunner,
  RunningContainer,
  Subject,
} from '../ports.ts'
import type { Service } from './types.ts'
import { untilReady } from './until-ready.ts'

/** What every start of the app is given, the same on both sides. */
export type AppConditions = {
  /** In the order in which they are started. */
  readonly services: readonly Service[]
  /** `KEY=value`, over the image's own. */
  readonly env: readonly string[]
}

/**
 * Starts apps as `runner` does, each with services of its own that are ready before it and gone with it: what one app
 * writes into its database no other one sees. All share one network; each service is reached by its name.
 */
export function appRunner(
  runner: ContainerRunner,
  { services, env }: AppConditions,
  clock: Clock,
): ContainerRunner {
  if (services.length === 0 && env.length === 0) return runner
  const conditions = { env, hosts: services.map(({ name }) => name) }
  const around = { runner, services, clock, hosts: conditions.hosts }
  return {
    start: async (subject, options, signal) => {
      const scope = new Scope()
      try {
        const { beside, ports } = await startServices(scope, around, signal)
        const app = await runner.start(subject, merged(options, conditions, beside), signal)
        return withServices(app, ports, scope)
      } catch (error) {
        await scope[Symbol.asyncDispose]()
        throw error
      }
    },
    run: async (subject, options, signal) => {
      const scope = new Scope()
      try {
        const { beside } = await startServices(scope, around, signal)
        const { timeoutMs } = options
        return await runner.run(
          subject,
          { ...merged(options, conditions, beside), timeoutMs },
          signal,
        )
      } finally {
        await scope[Symbol.asyncDispose]()
      }
    },
  }
}

type Around = {
  readonly runner: ContainerRunner
  readonly services: readonly Service[]
  readonly clock: Clock
  readonly hosts: readonly string[]
}

/** One after the other: a later one may need an earlier one. */
async function startServices(
  scope: Scope,
  { runner, services, clock, hosts }: Around,
  signal: AbortSignal | undefined,
): Promise<{ readonly beside: RunningContainer | undefined; readonly ports: readonly number[] }> {
  let first: RunningContainer | undefined
  let ports: readonly number[] = []
  for (const service of services) {
    const options = { ...optionsOf(service), hosts, ...(first ? { beside: first } : {}) }
    const container = await startOne(runner, service, options, signal)
    scope.add(container, (running) => stopped(running))
    first ??= container
    ports = await untilReady(container, service, { taken: ports, clock, signal })
  }
  return { beside: first, ports }
}

async function startOne(
  runner: ContainerRunner,
  service: Service,
  options: ContainerOptions,
  signal: AbortSignal | undefined,
): Promise<RunningContainer> {
  try {
    return await runner.start(service.subject, options, signal)
  } catch (error) {
    signal?.throwIfAborted()
    throw notStarted(service, error)
  }
}

function notStarted(service: Service, cause: unknown): Fault {
  const reason = cause instanceof Error ? cause.message : String(cause)
  const message = `the service ${nameOf(service)} does not start: ${reason}`
  return new Fault('SERVICE_NOT_READY', message, { cause })
}

function optionsOf({ env, command, entrypoint }: Service): ContainerOptions {
  return { env, ...(command ? { command } : {}), ...(entrypoint ? { entrypoint } : {}) }
}

function merged(
  options: ContainerOptions,
  { env, hosts }: { readonly env: readonly string[]; readonly hosts: readonly string[] },
  beside: RunningContainer | undefined,
): ContainerOptions {
  return {
    ...options,
    env: [...env, ...(options.env ?? [])],
    hosts,
    ...(beside ? { beside } : {}),
  }
}

/** The app as if it were alone: its own ports only, and its end is the end of its services. */
function withServices(
  app: RunningContainer,
  ports: readonly number[],
  scope: Scope,
): RunningContainer {
  return {
    ...app,
    listening: async () => (await app.listening()).filter((port) => !ports.includes(port)),
    stop: async (options) => {
      try {
        return await app.stop(options)
      } finally {
        await scope[Symbol.asyncDispose]()
      }
    },
  }
}

async function stopped(running: RunningContainer): Promise<void> {
  await running.stop({ signal: 'SIGKILL', graceMs: 1_000 })
}

function nameOf({ name, subject }: { readonly name: string; readonly subject: Subject }): string {
  return `${name} (${subject.name})`
}
