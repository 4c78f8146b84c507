import type { ContainerConfig } from '../../image/index.ts'
import { type CommandProbe, candidatesFor, type Probe } from '../probes/index.ts'
import { type ComposeService, servicesOf } from './compose-services.ts'
import {
  argvOf,
  envFilesOf,
  environmentOf,
  type Fields,
  fieldsOf,
  testOf,
} from './compose-values.ts'
import type { ProjectFiles, SecondaryEntrypoint } from './types.ts'

export type FromCompose = {
  readonly entrypoints: readonly SecondaryEntrypoint[]
  /**
   * `healthcheck.test` of services: asked beside the running app as the image's own HEALTHCHECK is. Then requests to
   * the ports that the file publishes or exposes.
   */
  readonly probes: readonly Probe[]
  /** `KEY=value` that the app itself is started with. */
  readonly env: readonly string[]
  /** Images that the app depends on, dependencies first. */
  readonly services: readonly ComposeService[]
  /** Ports inside the container by those of the host. */
  readonly published: ReadonlyMap<number, number>
}

/**
 * What a Compose file (compose-spec, 05-services) starts the project's own image with: services that have a `build`.
 * Those without `command` and `entrypoint` are the image's own command. `value` is the parsed document; `read` finds
 * the files that `env_file` names.
 */
export function fromCompose(
  value: unknown,
  source: string,
  image: ContainerConfig,
  read: ProjectFiles = () => undefined,
): FromCompose {
  const all = new Map(
    Object.entries(fieldsOf(fieldsOf(value)['services'])).map(([name, service]) => [
      name,
      withEnvFiles(fieldsOf(service), read),
    ]),
  )
  const built = [...all].filter(([, service]) => service['build'] !== undefined)
  const own = built.map(([, service]) => service).filter((one) => one['command'] === undefined)
  const ports = own.flatMap(portsOf)
  return {
    entrypoints: built.flatMap(([name, service]) => entrypointOf(name, service, source, image)),
    probes: [
      ...own.flatMap((one) => healthOf(fieldsOf(one['healthcheck'])['test'])),
      ...[...new Set(ports.map(({ inner }) => inner))].flatMap((port) =>
        candidatesFor(port, 'compose'),
      ),
    ],
    env: own.length === 1 ? environmentOf(own[0]?.['environment']) : [],
    services: servicesOf(all, built),
    published: new Map(ports.flatMap(({ host, inner }) => (host ? [[host, inner]] : []))),
  }
}

/** The service with what `env_file` says under `environment`, which wins. */
function withEnvFiles(service: Fields, read: ProjectFiles): Fields {
  const files = envFilesOf(service['env_file'], read)
  if (files.length === 0) return service
  const all = [...files, ...environmentOf(service['environment'])]
  const last = new Map(
    all.map((pair) => [pair.slice(0, pair.indexOf('=')), pair.replaceAll('$', '$$$$')]),
  )
  return { ...service, environment: [...last.values()] }
}

/** `ports` and `expose`: `"8080:5000"`, `5000`, `127.0.0.1:8080:5000/tcp`, `{target: 5000, published: 8080}`. */
function portsOf(service: Fields): readonly { readonly host: number; readonly inner: number }[] {
  const lists = [service['ports'], service['expose']]
  return lists
    .flatMap((list) => (Array.isArray(list) ? list : []))
    .flatMap((one: unknown) => {
      const long = fieldsOf(one)
      const text =
        typeof one === 'object'
          ? `${String(long['published'] ?? '')}:${String(long['target'])}`
          : one
      const match = /^(?:(?:[\d.]+:)?(\d*):)?(\d{1,5})(?:\/tcp)?$/.exec(String(text))
      return match ? [{ host: Number(match[1] ?? 0), inner: Number(match[2]) }] : []
    })
}

function entrypointOf(
  name: string,
  service: Fields,
  source: string,
  image: ContainerConfig,
): readonly SecondaryEntrypoint[] {
  const command = argvOf(service['command'])
  const given = argvOf(service['entrypoint'])
  if (!command && !given) return []
  const entrypoint = given ?? image.Entrypoint ?? []
  const argv = command ?? []
  const same =
    JSON.stringify([entrypoint, argv]) ===
    JSON.stringify([image.Entrypoint ?? [], given ? [] : (image.Cmd ?? [])])
  const env = environmentOf(service['environment'])
  if (same && env.length === 0) return []
  const user = typeof service['user'] === 'string' ? { user: service['user'] } : {}
  const options = { entrypoint, command: argv, env, ...user }
  return [
    {
      name,
      source,
      command: [...entrypoint, ...argv].join(' '),
      options,
      help: { ...options, command: [...argv, '--help'] },
    },
  ]
}

function healthOf(test: unknown): readonly CommandProbe[] {
  const argv = testOf(test)
  return argv ? [{ kind: 'cmd', argv, origin: 'healthcheck' }] : []
}
