import { join } from 'node:path'
import { readCerts } from './certs.ts'
import { readOptional, unusable } from './optional-file.ts'
import { type RegistryRule, readRegistriesConf } from './registries-conf.ts'

/** What the files of Docker and of the containers tools say about registries. */
export type RegistryFiles = {
  /** `registry-mirrors` of Docker's daemon: addresses asked before Docker Hub. */
  readonly mirrors: readonly string[]
  /** Hosts, `*.domains` and address blocks that need neither TLS nor a known certificate. */
  readonly insecure: readonly string[]
  readonly rules: readonly RegistryRule[]
  /** Certificates for `host` or `host:port`, undefined when there are none. @throws Fault CONFIG_INVALID */
  readonly tls: (host: string) => ReturnType<typeof readCerts>
}

/** Where these files are looked for. */
export type RegistryPlaces = {
  /** `/etc`. */
  readonly etc: string
  readonly home: string
  /** `~/.docker`, or what DOCKER_CONFIG says. */
  readonly dockerConfig: string
  /** What CONTAINERS_REGISTRIES_CONF says. */
  readonly registriesConf: string | null
}

/**
 * Reads `daemon.json` and `registries.conf`; certificates are read when a host is talked to. A user's own file is taken
 * instead of the system's, as podman and rootless Docker do.
 * @throws Fault CONFIG_INVALID
 */
export function readRegistryFiles(places: RegistryPlaces): RegistryFiles {
  const { etc, home, dockerConfig } = places
  const config = join(home, '.config')
  const daemon = firstOf([join(config, 'docker/daemon.json'), join(etc, 'docker/daemon.json')])
  const rules = registriesRules(places)
  const hosts = new Map<string, ReturnType<typeof readCerts>>()
  const folders = [
    join(etc, 'containers/certs.d'),
    join(etc, 'docker/certs.d'),
    join(config, 'containers/certs.d'),
    join(dockerConfig, 'certs.d'),
  ]
  return {
    mirrors: strings(daemon, 'registry-mirrors'),
    insecure: [
      ...strings(daemon, 'insecure-registries').map(withoutScheme),
      ...rules.flatMap(insecureHosts),
    ],
    rules,
    tls: (host) => {
      if (!hosts.has(host)) hosts.set(host, readCerts(folders, host))
      return hosts.get(host)
    },
  }
}

function registriesRules({ etc, home, registriesConf }: RegistryPlaces): readonly RegistryRule[] {
  if (registriesConf !== null) return readRegistriesConf(registriesConf)
  const own = join(home, '.config/containers/registries.conf')
  const system = join(etc, 'containers/registries.conf')
  return readRegistriesConf(readOptional(own) === null ? system : own)
}

type Daemon = { readonly path: string; readonly value: Readonly<Record<string, unknown>> }

function firstOf(paths: readonly string[]): Daemon | null {
  for (const path of paths) {
    const text = readOptional(path)
    if (text === null) continue
    try {
      const value: unknown = JSON.parse(text.trim() === '' ? '{}' : text)
      if (value !== null && typeof value === 'object')
        return { path, value: value as Daemon['value'] }
    } catch (error) {
      throw unusable(path, error)
    }
    throw unusable(path, new SyntaxError('it is no JSON object'))
  }
  return null
}

function strings(daemon: Daemon | null, name: string): readonly string[] {
  const value = daemon?.value[name] ?? []
  if (daemon && !(Array.isArray(value) && value.every((one) => typeof one === 'string')))
    throw unusable(daemon.path, new SyntaxError(`${name} is a list of strings`))
  return value as readonly string[]
}

function withoutScheme(host: string): string {
  return host.replace(/^https?:\/\//, '').replace(/\/+$/, '')
}

function insecureHosts({ insecure, prefix, location, mirrors }: RegistryRule): readonly string[] {
  const own = insecure ? [location || prefix] : []
  const places = [...own, ...mirrors.flatMap((mirror) => (mirror.insecure ? mirror.location : []))]
  return places.map((place) => place.replace(/\/.*$/, ''))
}
