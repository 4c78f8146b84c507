import { type ClientRequest, Agent as HttpAgent, request as httpRequest } from 'node:http'
import { Agent as HttpsAgent, request as httpsRequest } from 'node:https'
import type { Socket } from 'node:net'
import type { Duplex } from 'node:stream'
import { connect, createSecureContext, rootCertificates, type SecureContext } from 'node:tls'
import { bareHost, proxyHeaders } from './proxy.ts'

/** Keep-alive connections, one pool for each proxy (or none). */
export type Agents = {
  http(): HttpAgent
  https(proxy: URL | null): HttpsAgent
  close(): void
}

const pool = { keepAlive: true, maxSockets: 8, keepAliveMsecs: 10_000 }

/** `ca`: PEM certificates that are trusted in addition to the built-in ones. */
export function openAgents(ca: string | undefined): Agents {
  const plain = new HttpAgent(pool)
  const secure = new Map<string, HttpsAgent>()
  let context: SecureContext | undefined
  // Parsing the 140 built-in roots costs tens of milliseconds: once, and only when TLS is used.
  const trust = (): SecureContext => {
    context ??= createSecureContext(ca === undefined ? {} : { ca: [...rootCertificates, ca] })
    return context
  }
  const make = (proxy: URL | null): HttpsAgent => {
    const agent = new HttpsAgent({ ...pool, secureContext: trust() })
    return proxy ? tunnelled(agent, proxy, trust) : agent
  }
  return {
    http: () => plain,
    https: (proxy) => {
      const key = proxy?.href ?? ''
      const agent = secure.get(key) ?? make(proxy)
      secure.set(key, agent)
      return agent
    },
    close: () => {
      plain.destroy()
      for (const agent of secure.values()) agent.destroy()
    },
  }
}

type Target = { readonly host?: string; readonly port?: number; readonly servername?: string }
type Done = (error: Error | null, socket?: Duplex) => void

/** Makes an agent connect through `CONNECT host:port` (RFC 9110 §9.3.6). */
function tunnelled(agent: HttpsAgent, proxy: URL, trust: () => SecureContext): HttpsAgent {
  const createConnection = (target: Target, done: Done): void => {
    const authority = `${target.host?.includes(':') ? `[${target.host}]` : target.host}:${target.port ?? 443}`
    const request = connectRequest(proxy, authority, trust)
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
        secureContext: trust(),
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

function connectRequest(proxy: URL, authority: string, trust: () => SecureContext): ClientRequest {
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
    proxy.protocol === 'https:'
      ? httpsRequest({ ...options, ...{ secureContext: trust() } })
      : httpRequest(options)
  return request.once('timeout', () => {
    request.destroy(Object.assign(new Error('the proxy does not answer'), { code: 'ETIMEDOUT' }))
  })
}
