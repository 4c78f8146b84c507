import { argvOf, environmentOf, type Fields, fieldsOf, testOf } from './compose-values.ts'

/** A service of a Compose file that is an image: a database, a queue. */
export type ComposeService = {
  readonly name: string
  readonly image: string
  readonly env: readonly string[]
  readonly command: readonly string[] | undefined
  readonly entrypoint: readonly string[] | undefined
  readonly health: readonly string[] | undefined
}

/**
 * The images that the services with a `build` depend on: by `depends_on` and `links`, or because an environment value
 * names the service as a host. What a service depends on itself comes before it.
 */
export function servicesOf(
  all: ReadonlyMap<string, Fields>,
  built: readonly (readonly [string, Fields])[],
): readonly ComposeService[] {
  const out = new Map<string, ComposeService>()
  const visit = (name: string, above: ReadonlySet<string>): void => {
    const service = all.get(name)
    if (!service || out.has(name) || above.has(name)) return
    for (const needed of needsOf(service, all)) visit(needed, new Set([...above, name]))
    const made = serviceOf(name, service)
    if (made) out.set(name, made)
  }
  for (const [name] of built) visit(name, new Set())
  return [...out.values()]
}

function needsOf(service: Fields, all: ReadonlyMap<string, Fields>): readonly string[] {
  const depends = service['depends_on']
  const links = service['links']
  const env = environmentOf(service['environment'])
  return [
    ...(Array.isArray(depends) ? depends.map(String) : Object.keys(fieldsOf(depends))),
    ...(Array.isArray(links) ? links.map((one) => String(one).replace(/:.*$/, '')) : []),
    ...[...all.keys()].filter((name) => env.some((pair) => namesHost(pair, name))),
  ]
}

/** `postgres://user@db:5432/x`, `REDIS_HOST=cache`. */
function namesHost(pair: string, name: string): boolean {
  const value = pair.slice(pair.indexOf('=') + 1)
  return value === name || value.split(/[\s,;]+/).some((part) => hostOf(part) === name)
}

function hostOf(text: string): string | undefined {
  return (
    /^[a-z][a-z0-9+.-]*:\/\/(?:[^@/]*@)?([^:/?]+)/i.exec(text)?.[1] ??
    /^([\w.-]+):\d{1,5}$/.exec(text)?.[1]
  )
}

function serviceOf(name: string, service: Fields): ComposeService | undefined {
  const image = service['image']
  if (typeof image !== 'string' || service['build'] !== undefined || image.includes('$'))
    return undefined
  return {
    name,
    image,
    env: environmentOf(service['environment']),
    command: argvOf(service['command']),
    entrypoint: argvOf(service['entrypoint']),
    health: testOf(fieldsOf(service['healthcheck'])['test']),
  }
}
