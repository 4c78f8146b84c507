import type { ByteStream } from '../base/index.ts'
import { isFault } from '../base/index.ts'
import {
  type ExchangeOptions,
  followRedirects,
  type HttpAnswer,
  type HttpClient,
  type HttpRequest,
  mayLead,
  type RetryOptions,
  refuseTransient,
  withRetries,
} from '../http/index.ts'
import { answerChallenge } from './auth.ts'
import type { Endpoint } from './endpoint.ts'
import { unreachable } from './fault.ts'
import type { CredentialSource } from './types.ts'

/** A conversation about one repository: logged in when asked to, repeated when the server stumbles. */
export type Session = {
  readonly registry: string
  readonly repository: string
  /** `path` is below `/v2/REPOSITORY/`, or an absolute URL the registry gave us. All its faults name the registry. */
  send(request: SessionRequest, signal?: AbortSignal): Promise<HttpAnswer>
  /** The same without a second attempt, for requests that may not be made twice. @throws Fault HTTP_* as it was */
  sendOnce(request: SessionRequest, signal?: AbortSignal): Promise<HttpAnswer>
  /** `withRetries` as this session is told to do it. */
  again<T>(attempt: () => Promise<T>, signal?: AbortSignal): Promise<T>
}

export type SessionRequest = {
  readonly method: HttpRequest['method']
  readonly path: string | URL
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: Uint8Array | { readonly size: number; readonly open: () => ByteStream }
}

export type SessionOptions = {
  readonly http: HttpClient
  readonly endpoint: Endpoint
  readonly actions: 'pull' | 'pull,push'
  /** Repositories of the same registry from which blobs may be mounted. */
  readonly mountFrom?: readonly string[]
  readonly credentials: CredentialSource | undefined
  readonly retryMs?: number | undefined
  readonly onRetry?: RetryOptions['onRetry']
}

/** A token may expire, even twice while many requests share it; whoever refuses a third one refuses us. */
const mostRenewals = 3

/** Opens a session; nothing is sent before the first request. */
export function openSession(options: SessionOptions): Session {
  const { http, endpoint, actions } = options
  const { registry, repository } = endpoint
  let base: Promise<URL> | undefined
  let authorization: string | undefined
  let renewing: Promise<string | null> | undefined
  /** Address of the registry itself, once it has answered. */
  let address: string | null = null
  const scopes = [
    `repository:${repository}:${actions}`,
    ...(options.mountFrom ?? []).map((one) => `repository:${one}:pull`),
  ]

  const sendOnce: Session['sendOnce'] = async (request, signal) => {
    base ??= chooseBase(http, endpoint, signal).catch((error: unknown) => {
      base = undefined
      throw error
    })
    const root = await base
    const url =
      request.path instanceof URL ? request.path : new URL(`v2/${repository}/${request.path}`, root)
    const own = url.origin === root.origin
    const limits: ExchangeOptions =
      url.hostname === root.hostname
        ? { signal }
        : { signal, allowAddress: (to) => mayLead(address, to) }
    for (let renewals = 0; ; renewals++) {
      const shown = authorization
      const answer = await exchange(http, withAuth(request, url, own, shown), limits)
      if (own && answer.url.origin === root.origin) address = answer.address
      if (answer.status !== 401 || !own || renewals === mostRenewals) return refuseTransient(answer)
      // Another request may have renewed it meanwhile.
      if (authorization === shown && !(await renew(answer, signal))) return answer
      answer.discard()
    }
  }

  const renew = async (answer: HttpAnswer, signal: AbortSignal | undefined): Promise<boolean> => {
    const auth = { http, registry, scopes, credentials: options.credentials, signal }
    // Requests at the same time share one visit to the token server.
    renewing ??= answerChallenge(answer, auth).finally(() => {
      renewing = undefined
    })
    const fresh = await renewing
    if (fresh !== null) authorization = fresh
    return fresh !== null
  }

  const again: Session['again'] = (attempt, signal) =>
    withRetries(attempt, {
      signal,
      ...(options.retryMs === undefined ? {} : { budgetMs: options.retryMs }),
      ...(options.onRetry ? { onRetry: options.onRetry } : {}),
    })

  return {
    ...{ registry, repository, sendOnce, again },
    send: async (request, signal) => {
      try {
        return await again(() => sendOnce(request, signal), signal)
      } catch (error) {
        throw unreachable(registry, error)
      }
    },
  }
}

/** The first address that speaks. A TLS server answers a plain request with 400. */
export async function chooseBase(
  http: HttpClient,
  endpoint: Endpoint,
  signal: AbortSignal | undefined,
): Promise<URL> {
  const [first, second] = endpoint.bases
  if (!first) throw new TypeError('an endpoint without an address')
  if (!second) return first
  try {
    const url = new URL('v2/', first)
    const answer = await http.exchange({ method: 'GET', url }, { signal, connectMs: 5000 })
    answer.discard()
    return answer.status === 400 ? second : first
  } catch (error) {
    signal?.throwIfAborted()
    if (!isFault(error)) throw error
    // A connection to one port is refused for both.
    return error.code === 'HTTP_UNREACHABLE' && first.port !== '' ? first : second
  }
}

/** Credentials go to the registry's own host and nowhere else. */
function withAuth(
  { method, headers, body }: SessionRequest,
  url: URL,
  own: boolean,
  authorization: string | undefined,
): HttpRequest {
  return {
    method,
    url,
    headers: { ...headers, ...(own && authorization !== undefined ? { authorization } : {}) },
    ...(body === undefined ? {} : { body }),
  }
}

async function exchange(
  http: HttpClient,
  request: HttpRequest,
  options: ExchangeOptions,
): Promise<HttpAnswer> {
  const { method } = request
  if (method === 'GET' || method === 'HEAD')
    return await followRedirects(http, { ...request, method }, options)
  return await http.exchange(request, options)
}
