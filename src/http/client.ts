import { lookup as dnsLookup, type LookupAddress } from 'node:dns'
import {
  type ClientRequest,
  request as httpRequest,
  type IncomingHttpHeaders,
  type IncomingMessage,
} from 'node:http'
import { request as httpsRequest } from 'node:https'
import { isIP, type LookupFunction } from 'node:net'
import { finished } from 'node:stream/promises'
import type { ByteStream } from '../base/index.ts'
import { Fault, isFault } from '../base/index.ts'
import { type Agents, type HostTls, openAgents } from './agents.ts'
import { httpFault, redactUrl } from './fault.ts'
import { bareHost, type ProxySettings, proxyFor, proxyHeaders } from './proxy.ts'

export type HttpRequest = {
  readonly method: 'GET' | 'HEAD' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'
  readonly url: URL
  readonly headers?: Readonly<Record<string, string>>
  /** A stream is opened anew for each attempt. */
  readonly body?: Uint8Array | { readonly size: number; readonly open: () => ByteStream }
}

export type HttpAnswer = {
  readonly status: number
  readonly headers: IncomingHttpHeaders
  /** Where the answer came from, after redirects. */
  readonly url: URL
  /** Address of the server, null behind a proxy. */
  readonly address: string | null
  /** Throws a Fault when the connection breaks or stalls, or when fewer bytes come than were announced. */
  readonly body: ByteStream
  /** Lets go of the connection when the body is not wanted. */
  discard(): void
}

export type ExchangeOptions = {
  readonly signal?: AbortSignal | undefined
  /** Refuses an address before anything is sent to it. */
  readonly allowAddress?: (address: string) => boolean
  readonly connectMs?: number
  /** Longest silence of the server. */
  readonly idleMs?: number
}

export type HttpSettings = {
  /** PEM certificates trusted besides the built-in ones. */
  readonly ca?: string | undefined
  /** Certificates of single hosts; asked by `host:port`, the port left out when it is 443. */
  readonly tls?: ((host: string) => HostTls | undefined) | undefined
  readonly proxy?: ProxySettings | undefined
  /** Longest silence of a server in milliseconds: 60,000. */
  readonly idleMs?: number | undefined
}

/** Connections that are kept and used again; `close` when done. */
export type HttpClient = {
  /** One request and its answer, whatever its status: no redirect, no retry. @throws Fault HTTP_* */
  exchange(request: HttpRequest, options?: ExchangeOptions): Promise<HttpAnswer>
  close(): void
}

/** `node:http` and not `fetch`, which buffers a streamed upload without limit on Node 20. */
export function openHttp(settings: HttpSettings = {}): HttpClient {
  const agents = openAgents(settings.ca, settings.tls)
  return {
    exchange: (request, options = {}) => {
      const idleMs = options.idleMs ?? settings.idleMs ?? 60_000
      return exchange(agents, settings, request, { ...options, idleMs })
    },
    close: () => agents.close(),
  }
}

async function exchange(
  agents: Agents,
  settings: HttpSettings,
  request: HttpRequest,
  options: ExchangeOptions,
): Promise<HttpAnswer> {
  const { url } = request
  const { signal } = options
  signal?.throwIfAborted()
  if (url.protocol !== 'http:' && url.protocol !== 'https:')
    throw new Fault('HTTP_SCHEME', `cannot fetch ${redactUrl(url)}: only http and https`, {
      kind: 'invalid',
    })
  const proxy = proxyFor(url, settings.proxy)
  checkLiteral(url, options)
  const outgoing = start({ agents, proxy, request, options })
  try {
    const answer = await response(outgoing, request, options)
    return toAnswer(answer, request, proxy, signal)
  } catch (error) {
    outgoing.destroy()
    signal?.throwIfAborted()
    throw isFault(error) ? error : httpFault(url, error)
  }
}

function start(input: {
  readonly agents: Agents
  readonly proxy: URL | null
  readonly request: HttpRequest
  readonly options: ExchangeOptions
}): ClientRequest {
  const { agents, proxy, request, options } = input
  const { url, method } = request
  const secure = url.protocol === 'https:'
  const forwarded = proxy !== null && !secure
  const { allowAddress } = options
  const shared = {
    method,
    headers: {
      'user-agent': 'jettison',
      host: url.host,
      ...(request.body === undefined ? {} : { 'content-length': String(sizeOf(request.body)) }),
      ...request.headers,
      ...(forwarded ? proxyHeaders(proxy) : {}),
    },
    signal: options.signal,
    ...(allowAddress && !proxy ? { lookup: guarded(url, allowAddress) } : {}),
  }
  if (secure)
    return httpsRequest({
      ...shared,
      ...place(url),
      path: pathOf(url),
      agent: agents.https(url.host, proxy),
      servername: isIP(bareHost(url)) === 0 ? bareHost(url) : '',
    })
  const target = forwarded
    ? { ...place(proxy), path: `http://${url.host}${pathOf(url)}` }
    : { ...place(url), path: pathOf(url) }
  return httpRequest({ ...shared, ...target, agent: agents.http() })
}

/** Sends the body and waits for the head of the answer, with a limit on connecting and on silence. */
async function response(
  outgoing: ClientRequest,
  request: HttpRequest,
  options: ExchangeOptions,
): Promise<IncomingMessage> {
  const { connectMs = 15_000, idleMs = 60_000 } = options
  const giveUp = (code: string, what: string): void => {
    outgoing.destroy(
      new Fault(code, `${request.url.host} ${what}`, {
        hint: 'check the network and the proxy variables',
      }),
    )
  }
  const connecting = setTimeout(() => {
    giveUp('HTTP_UNREACHABLE', `did not accept a connection in ${connectMs / 1000} s`)
  }, connectMs)
  const answered = new Promise<IncomingMessage>((resolve, reject) => {
    outgoing.once('response', resolve).once('error', reject)
    outgoing.once('close', () => reject(new Error('the connection was closed')))
    outgoing.once('socket', (socket) => {
      if (!socket.connecting) clearTimeout(connecting)
      else
        socket
          .once('secureConnect', () => clearTimeout(connecting))
          .once('connect', () => clearTimeout(connecting))
    })
    outgoing.setTimeout(idleMs, () => giveUp('HTTP_TIMEOUT', `was silent for ${idleMs / 1000} s`))
  })
  // The answer may come, or the connection break, while the body is still being sent.
  answered.catch(() => {})
  try {
    await send(outgoing, request, options.signal)
    return await answered
  } finally {
    clearTimeout(connecting)
  }
}

async function send(
  outgoing: ClientRequest,
  { body }: HttpRequest,
  signal: AbortSignal | undefined,
): Promise<void> {
  if (body === undefined || body instanceof Uint8Array) {
    outgoing.end(body)
    return
  }
  let answered = false
  outgoing.once('response', () => {
    answered = true
  })
  for await (const chunk of body.open()) {
    signal?.throwIfAborted()
    if (answered || outgoing.destroyed) break
    if (!outgoing.write(chunk)) await drained(outgoing)
  }
  // An early answer is an error of the server's (401, 413): the rest of the body would not be read.
  if (!answered) outgoing.end()
}

async function drained(outgoing: ClientRequest): Promise<void> {
  await new Promise<void>((resolve) => {
    const done = (): void => {
      for (const event of ['drain', 'close', 'error', 'response']) outgoing.off(event, done)
      resolve()
    }
    for (const event of ['drain', 'close', 'error', 'response']) outgoing.once(event, done)
  })
}

function toAnswer(
  incoming: IncomingMessage,
  { url, method }: HttpRequest,
  proxy: URL | null,
  signal: AbortSignal | undefined,
): HttpAnswer {
  return {
    status: incoming.statusCode ?? 0,
    headers: incoming.headers,
    url,
    address: proxy ? null : (incoming.socket.remoteAddress ?? null),
    body: chunks(incoming, url, signal),
    discard: () => {
      // A short rest is read so that the connection can be used again; a long one is not worth it.
      const announced = Number(incoming.headers['content-length'] ?? Number.NaN)
      const length = method === 'HEAD' ? 0 : announced
      if (length <= 65_536) {
        incoming.resume()
        finished(incoming).catch(() => {})
      } else incoming.destroy()
    },
  }
}

async function* chunks(
  incoming: IncomingMessage,
  url: URL,
  signal: AbortSignal | undefined,
): ByteStream {
  try {
    for await (const chunk of incoming) yield chunk as Buffer
  } catch (error) {
    signal?.throwIfAborted()
    throw isFault(error) ? error : httpFault(url, error)
  }
}

function checkLiteral(url: URL, { allowAddress }: ExchangeOptions): void {
  const host = bareHost(url)
  if (isIP(host) !== 0 && allowAddress?.(host) === false) throw refused(url, host)
}

/** Name resolution that fails for addresses we were told not to talk to: checked on what is connected to. */
function guarded(url: URL, allow: (address: string) => boolean): LookupFunction {
  return (hostname, options, callback) => {
    dnsLookup(hostname, { ...options, all: true }, (error, addresses: LookupAddress[]) => {
      const good = error ? [] : addresses.filter(({ address }) => allow(address))
      const [first] = good
      if (error || !first) callback(error ?? refused(url, addresses[0]?.address ?? 'nothing'), '')
      else if (options.all) callback(null, good)
      else callback(null, first.address, first.family)
    })
  }
}

function refused(url: URL, address: string): Fault {
  return new Fault(
    'HTTP_ADDRESS_REFUSED',
    `${url.host} is at ${address}, where another host may not send us`,
    {
      hint: 'name the address itself if you trust it',
    },
  )
}

function place(url: URL): { readonly host: string; readonly port: string | number } {
  return { host: bareHost(url), port: url.port || (url.protocol === 'https:' ? 443 : 80) }
}

function pathOf(url: URL): string {
  return `${url.pathname}${url.search}`
}

function sizeOf(body: NonNullable<HttpRequest['body']>): number {
  return body instanceof Uint8Array ? body.length : body.size
}
