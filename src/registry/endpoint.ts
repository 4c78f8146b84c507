import { Fault } from '../base/index.ts'
import {
  type HttpClient,
  type HttpSettings,
  isLoopback,
  openHttp,
  parseBlock,
  redactUrl,
} from '../http/index.ts'
import type { Digest } from '../image/index.ts'
import type { RegistryRule, RegistrySettings } from './types.ts'

/** A server that speaks the distribution API, and what a repository is called there. */
export type Endpoint = {
  /** Name as in references; credentials are looked up by it. */
  readonly registry: string
  readonly repository: string
  /** What requests go to, tried in order: http only where that is allowed. */
  readonly bases: readonly URL[]
}

type Name = { readonly domain: string; readonly path: string; readonly digest?: Digest | null }

/**
 * Where an image is pulled from, in order: the mirrors that are configured for its name, then its own registry, or
 * the place that `registries.conf` puts in its stead. As Docker, this machine (`localhost`, 127.0.0.0/8, ::1) and the
 * hosts named insecure may answer over plain HTTP.
 * @throws Fault MIRROR_INVALID, REGISTRY_BLOCKED
 */
export function endpointsFor(name: Name, settings: RegistrySettings): readonly Endpoint[] {
  const full = `${name.domain}/${name.path}`
  const rule = ruleFor(full, settings.rules ?? [])
  if (rule?.blocked)
    throw new Fault('REGISTRY_BLOCKED', `registries.conf blocks ${rule.prefix}`, {
      kind: 'invalid',
      hint: 'take another registry, or remove `blocked` from its entry',
    })
  const kind = name.digest ? 'digest-only' : 'tag-only'
  const own = [
    ...(rule?.mirrors ?? [])
      .filter(({ pull }) => pull === 'all' || pull === kind)
      .map(({ location }) => placed(relocated(full, rule?.prefix ?? '', location), settings)),
    placed(rule ? relocated(full, rule.prefix, rule.location) : full, settings),
  ]
  if (name.domain !== 'docker.io') return own
  const mirrors = (settings.mirrors ?? []).map((mirror) =>
    mirrorEndpoint(mirror, name.path, settings),
  )
  return [...mirrors, ...own]
}

/** Where an image is pushed to: never a mirror. @throws Fault REGISTRY_BLOCKED */
export function endpointToPush(name: Name, settings: RegistrySettings): Endpoint {
  const rules = (settings.rules ?? []).map((rule) => ({ ...rule, mirrors: [] }))
  const [endpoint] = endpointsFor(name, { ...settings, mirrors: [], rules })
  if (!endpoint) throw new TypeError('no endpoint')
  return endpoint
}

/** Connections to registries: those that are named insecure may show any certificate. */
export function openRegistryHttp(settings: RegistrySettings): HttpClient {
  const tls: HttpSettings['tls'] = (host) => {
    const own = settings.tls?.(host)
    return isInsecure(host, settings) ? { ...own, skipVerify: true } : own
  }
  return openHttp({ ...settings, tls })
}

/** `location/rest/of/path`: the host, and the repository below it. */
function placed(full: string, settings: RegistrySettings): Endpoint {
  const slash = full.indexOf('/')
  const host = slash < 0 ? full : full.slice(0, slash)
  const repository = slash < 0 ? '' : full.slice(slash + 1)
  const server = host === 'docker.io' ? 'registry-1.docker.io' : host
  const bases = schemesOf(server, settings).map((scheme) => new URL(`${scheme}://${server}/`))
  return { registry: host, repository, bases }
}

/** A wildcard stands for the whole host, so there a location replaces the host. */
function relocated(full: string, prefix: string, location: string): string {
  if (!prefix.startsWith('*.')) return `${location}${full.slice(prefix.length)}`
  return location === '' ? full : `${location}${full.slice(full.indexOf('/'))}`
}

function ruleFor(full: string, rules: readonly RegistryRule[]): RegistryRule | undefined {
  const fits = ({ prefix }: RegistryRule): boolean => {
    if (prefix.startsWith('*.')) return full.slice(0, full.indexOf('/')).endsWith(prefix.slice(1))
    return full === prefix || full.startsWith(`${prefix}/`)
  }
  return rules.filter(fits).sort((a, b) => b.prefix.length - a.prefix.length)[0]
}

function mirrorEndpoint(mirror: string, repository: string, settings: RegistrySettings): Endpoint {
  if (!mirror.includes('://')) return placed(`${mirror}/${repository}`, settings)
  const base = URL.canParse(mirror) ? new URL(mirror) : null
  if (!base || (base.protocol !== 'https:' && base.protocol !== 'http:'))
    throw new Fault('MIRROR_INVALID', `not a registry mirror: ${redactUrl(mirror)}`, {
      kind: 'invalid',
      hint: 'a mirror is an http or https address',
    })
  if (!base.pathname.endsWith('/')) base.pathname += '/'
  return { registry: base.host, repository, bases: [base] }
}

/** On this machine itself plain HTTP is tried first: it is what runs there, and TLS takes its time to set up. */
function schemesOf(host: string, settings: RegistrySettings): readonly string[] {
  // A certificate of its own says that the host speaks TLS.
  if (settings.tls?.(host)) return isInsecure(host, settings) ? ['https', 'http'] : ['https']
  const name = bareName(host)
  if (name === 'localhost' || isLoopback(name)) return ['http', 'https']
  return isInsecure(host, settings) ? ['https', 'http'] : ['https']
}

function isInsecure(host: string, { insecure = [] }: RegistrySettings): boolean {
  const name = bareName(host)
  return insecure.some(
    (entry) =>
      entry === host ||
      entry === name ||
      (entry.startsWith('*.') && name.endsWith(entry.slice(1))) ||
      parseBlock(entry)?.(name) === true,
  )
}

function bareName(host: string): string {
  return host.replace(/:\d+$/, '').replace(/^\[|\]$/g, '')
}
