import { type ClientRequest, Agent as HttpAgent, request as httpRequest } from 'node:http'
import { Agent as HttpsAgent, request as httpsRequest } from 'node:https'
import type { Socket } from 'node:net'
import type { Duplex } from 'node:stream'
import {
  connect,
  createSecureContext,
  rootCertificates,
  type SecureContext,
  type SecureContextOptions,
} from 'node:tls'
import { Fault } from '../base/index.ts'
import { bareHost, proxyHeaders } from './proxy.ts'

/** What one host asks of TLS besides the usual. All PEM. */
export type HostTls = {
  /** Trusted for this host only, in addition to the others. */
  readonly ca?: readonly string[]
  /** Our own certificate, and its key. */
  readonly client?: { readonly cert: string; readonly key: string }
  /** Takes any certificate: for hosts that were named insecure. */
  readonly skipVerify?: boolean
}

/** Keep-alive connections, one pool for each proxy (or none) and for each host with its own certificates. */
export type Agents = {
  http(): HttpAgent
  https(host: string, proxy: URL | null): HttpsAgent
  close(): void
}

const pool = { keepAlive: true, maxSockets: 8, keepAliveMsecs: 10_000 }

/** `ca`: PEM certificates that are trusted in addition to the built-in ones. `tlsOf` is asked by `host:port`. */
export function openAgents(
  ca: string | undefined,
  tlsOf: (host: string) => HostTls | undefined = () => undefined,
): Agents {
  const plain = new HttpAgent(pool)
  const secure = new Map<string, HttpsAgent>()
  let usual: Trust | undefined
  const make = (own: HostTls | undefined, proxy: URL | null): HttpsAgent => {
    // Parsing the 140 built-in roots costs tens of milliseconds: once, and only when TLS is used.
    usual ??= trustOf(ca, undefined)
    const trust = own ? trustOf(ca, own) : usual
    const agent = new HttpsAgent({ ...pool, ...trust })
    return proxy ? tunnelled(agent, { proxy, trust, proxyTrust: usual }) : agent
  }
  return {
    http: () => plain,
    https: (host, proxy) => {
      const own = tlsOf(host)
      const key = `${own ? host : ''} ${proxy?.href ?? ''}`
      const agent = secure.get(key) ?? make(own, proxy)
      secure.set(key, agent)
      return agent
    },
    close: () => {
      plain.destroy()
      for (const agent of secure.values()) agent.destroy()
    },
  }
}

type Trust = { readonly secureContext: SecureContext; readonly rejectUnauthorized: boolean }

function trustOf(ca: string | undefined, own: HostTls | undefined): Trust {
  const added = [...(ca === undefined ? [] : [ca]), ...(own?.ca ?? [])]
  const secureContext = contextOf({
    ...(added.length > 0 ? { ca: [...rootCertificates, ...added] } : {}),
    ...own?.client,
  })
  return { secureContext, rejectUnauthorized: own?.skipVerify !== true }
}

function contextOf(options: SecureContextOptions): SecureContext {
  try {
    return createSecureContext(options)
  } catch (cause) {
    throw unusable(cause)
  }
}

function unusable(cause: unknown): Fault {
  return new Fault('HTTP_TLS', 'a certificate or key that was given cannot be read', {
    kind: 'invalid',
    hint: 'certificates and keys are PEM; look at --ca and at certs.d',
    cause,
  })
}

type Target = { readonly host?: string; readonly port?: number; readonly servername?: string }
type Done = (error: Error | null, socket?: Duplex) => void

/** Makes an agent connect through `CONNECT host:port` (RFC 9110 §9.3.6). */
function tunnelled(
  agent: HttpsAgent,
  { proxy, trust, proxyTrust }: Readonly<Record<'trust' | 'proxyTrust', Trust>> & { proxy: URL },
): HttpsAgent {
  const createConnection = (target: Target, done: Done): void => {
    const authority = `${target.host?.includes(':') ? `[${target.host}]` : target.host}:${target.port ?? 443}`
    const request = connectRequest(proxy, authority, proxyTrust)
    request.once('error', done)
    request.once('connect', (response, socket: Socket) => {
      if (response.statusCode !== 200) {
        socket.destroy()
        done(
          Object.assign(new Error(`the proxy answered ${response.statusCode}`), {
            code: 'ECONNREFUSED',
          }),
        )
        return
      }
      const servername = target.servername ?? target.host ?? ''
      const stream = connect({
        socket,
        ...trust,
        servername,
        ALPNProtocols: ['http/1.1'],
      })
      stream.once('error', done)
      stream.once('secureConnect', () => {
        stream.off('error', done)
        done(null, stream)
      })
    })
    request.end()
  }
  return Object.assign(agent, { createConnection })
}

function connectRequest(proxy: URL, authority: string, trust: Trust): ClientRequest {
  const options = {
    method: 'CONNECT',
    host: bareHost(proxy),
    port: proxy.port || (proxy.protocol === 'https:' ? 443 : 80),
    path: authority,
    headers: { host: authority, ...proxyHeaders(proxy) },
    agent: false as const,
    timeout: 15_000,
  }
  const request =
    proxy.protocol === 'https:' ? httpsRequest({ ...options, ...trust }) : httpRequest(options)
  return request.once('timeout', () => {
    request.destroy(Object.assign(new Error('the proxy does not answer'), { code: 'ETIMEDOUT' }))
  })
}
