import type { ContainerConfig } from '../../image/index.ts'
import type { CommandProbe } from '../probes/index.ts'
import type { SecondaryEntrypoint } from './types.ts'
import { wordsOf } from './words.ts'

export type FromCompose = {
  readonly entrypoints: readonly SecondaryEntrypoint[]
  /** `healthcheck.test` of services: asked beside the running app as the image's own HEALTHCHECK is. */
  readonly probes: readonly CommandProbe[]
}

type Fields = Readonly<Record<string, unknown>>

/**
 * What a Compose file (compose-spec, 05-services) starts the project's own image with: services that have a `build`.
 * Those without `command` and `entrypoint` are the image's own command. `value` is the parsed document.
 */
export function fromCompose(value: unknown, source: string, image: ContainerConfig): FromCompose {
  const services = Object.entries(fieldsOf(fieldsOf(value)['services']))
    .map(([name, service]) => ({ name, service: fieldsOf(service) }))
    .filter(({ service }) => service['build'] !== undefined)
  return {
    entrypoints: services.flatMap(({ name, service }) =>
      entrypointOf(name, service, source, image),
    ),
    probes: services
      .filter(({ service }) => service['command'] === undefined)
      .flatMap(({ service }) => healthOf(fieldsOf(service['healthcheck'])['test'])),
  }
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
  const argv = Array.isArray(test) ? test.map(String) : []
  const [form, ...rest] = argv
  const text = typeof test === 'string' ? test : form === 'CMD-SHELL' ? rest.join(' ') : undefined
  if (text !== undefined) return [probe(['/bin/sh', '-c', unescaped(text)])]
  return form === 'CMD' && rest.length > 0 ? [probe(rest.map(unescaped))] : []
}

function probe(argv: readonly string[]): CommandProbe {
  return { kind: 'cmd', argv, origin: 'healthcheck' }
}

function argvOf(value: unknown): readonly string[] | undefined {
  if (Array.isArray(value)) return value.map((word) => unescaped(String(word)))
  if (typeof value !== 'string' || value.trim() === '') return undefined
  return wordsOf(unescaped(value)) ?? ['/bin/sh', '-c', unescaped(value)]
}

/** Compose writes `$$` for a dollar that it is not to expand. */
function unescaped(text: string): string {
  return text.replaceAll('$$', '$')
}

/** `KEY: value` and `- KEY=value`; a value that Compose would take from the caller is left out. */
function environmentOf(value: unknown): readonly string[] {
  const pairs = Array.isArray(value)
    ? value.map(String)
    : Object.entries(fieldsOf(value)).flatMap(([name, one]) =>
        one === null || typeof one === 'object' ? [] : [`${name}=${String(one)}`],
      )
  return pairs.filter((pair) => /^[A-Za-z_]\w*=/.test(pair) && !/\$\{?[A-Za-z_]/.test(pair))
}

function fieldsOf(value: unknown): Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
    ? (value as Fields)
    : {}
}
