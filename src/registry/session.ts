import type { ByteStream } from '../base/index.ts'
import { isFault } from '../base/index.ts'
import {
  followRedirects,
  type HttpAnswer,
  type HttpClient,
  type HttpRequest,
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
  /** `path` is below `/v2/REPOSITORY/`, or an absolute URL the registry gave us. */
  send(request: SessionRequest, signal?: AbortSignal): Promise<HttpAnswer>
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
  readonly repository: string
  readonly actions: 'pull' | 'pull,push'
  readonly credentials: CredentialSource | undefined
  readonly onRetry?: RetryOptions['onRetry']
}

/** Opens a session; nothing is sent before the first request. All its faults name the registry. */
export function openSession(options: SessionOptions): Session {
  const { http, endpoint, repository } = options
  const { registry } = endpoint
  let base: Promise<URL> | undefined
  let authorization: string | undefined
  const scope = `repository:${repository}:${options.actions}`

  const once = async (
    request: SessionRequest,
    signal: AbortSignal | undefined,
  ): Promise<HttpAnswer> => {
    base ??= chooseBase(http, endpoint, signal)
    const root = await base
    const url =
      request.path instanceof URL ? request.path : new URL(`v2/${repository}/${request.path}`, root)
    const answer = await exchange(http, withAuth(request, url, root, authorization), signal)
    if (answer.status !== 401 || url.origin !== root.origin) return refuseTransient(answer)
    const auth = { http, registry, scope, credentials: options.credentials, signal }
    const fresh = await answerChallenge(answer, auth)
    if (fresh === null) return answer
    answer.discard()
    authorization = fresh
    return refuseTransient(await exchange(http, withAuth(request, url, root, fresh), signal))
  }

  return {
    registry,
    send: async (request, signal) => {
      const retries = { signal, ...(options.onRetry ? { onRetry: options.onRetry } : {}) }
      try {
        return await withRetries(() => once(request, signal), retries)
      } catch (error) {
        base = undefined
        throw unreachable(registry, error)
      }
    },
  }
}

/** The first address that speaks. A TLS server answers a plain request with 400. */
async function chooseBase(
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
    // A refused connection is refused for both.
    return error.code === 'HTTP_UNREACHABLE' ? first : second
  }
}

function withAuth(
  { method, headers, body }: SessionRequest,
  url: URL,
  root: URL,
  authorization: string | undefined,
): HttpRequest {
  // Credentials go to the registry's own host and nowhere else.
  const own = authorization !== undefined && url.origin === root.origin
  return {
    method,
    url,
    headers: { ...headers, ...(own ? { authorization } : {}) },
    ...(body === undefined ? {} : { body }),
  }
}

async function exchange(
  http: HttpClient,
  request: HttpRequest,
  signal: AbortSignal | undefined,
): Promise<HttpAnswer> {
  const { method } = request
  if (method === 'GET' || method === 'HEAD')
    return await followRedirects(http, { ...request, method }, { signal })
  return await http.exchange(request, { signal })
}
