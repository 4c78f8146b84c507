import { Fault } from '../base/index.ts'
import { isLoopback, redactUrl } from '../http/index.ts'
import type { RegistrySettings } from './types.ts'

/** A server that speaks the distribution API for a registry name. */
export type Endpoint = {
  /** Name as in references; credentials are looked up by it. */
  readonly registry: string
  /** What requests go to, tried in order: http only where that is allowed. */
  readonly bases: readonly URL[]
}

/**
 * Where a registry is: Docker Hub at its own host after its mirrors, every other one under its name. As Docker, this
 * machine (`localhost`, 127.0.0.0/8, ::1) and the hosts named insecure may answer over plain HTTP.
 * @throws Fault MIRROR_INVALID
 */
export function endpointsFor(registry: string, settings: RegistrySettings): readonly Endpoint[] {
  if (registry !== 'docker.io') return [endpoint(registry, registry, settings)]
  const mirrors = (settings.mirrors ?? []).map((mirror) => mirrorEndpoint(mirror, settings))
  return [...mirrors, endpoint('docker.io', 'registry-1.docker.io', settings)]
}

function endpoint(registry: string, host: string, settings: RegistrySettings): Endpoint {
  const schemes = schemesOf(host, settings)
  return { registry, bases: schemes.map((scheme) => new URL(`${scheme}://${host}/`)) }
}

function mirrorEndpoint(mirror: string, settings: RegistrySettings): Endpoint {
  if (!mirror.includes('://')) return endpoint(mirror, mirror, settings)
  const base = URL.canParse(mirror) ? new URL(mirror) : null
  if (!base || (base.protocol !== 'https:' && base.protocol !== 'http:'))
    throw new Fault('MIRROR_INVALID', `not a registry mirror: ${redactUrl(mirror)}`, {
      kind: 'invalid',
      hint: 'a mirror is an http or https address',
    })
  if (!base.pathname.endsWith('/')) base.pathname += '/'
  return { registry: base.host, bases: [base] }
}

/** On this machine itself plain HTTP is tried first: it is what runs there, and TLS takes its time to set up. */
function schemesOf(host: string, settings: RegistrySettings): readonly string[] {
  const name = host.replace(/:\d+$/, '').replace(/^\[|\]$/g, '')
  if (name === 'localhost' || isLoopback(name)) return ['http', 'https']
  const named = (settings.insecure ?? []).some((entry) => entry === host || entry === name)
  return named ? ['https', 'http'] : ['https']
}
