import { isFault } from '../base/index.ts'
import { endpointsFor, openRegistryHttp } from './endpoint.ts'
import type { RegistrySettings } from './types.ts'

/** Whether a registry answers, and in one line why not. */
export type Ping = { readonly answers: boolean; readonly reason: string }

/** Asks `GET /v2/` once, for at most `timeoutMs`: a preflight, so it neither retries nor throws, except when aborted. */
export async function pingRegistry(
  registry: string,
  options: {
    readonly timeoutMs: number
    readonly signal?: AbortSignal | undefined
    readonly settings?: RegistrySettings
  },
): Promise<Ping> {
  const { timeoutMs, settings = {} } = options
  const http = openRegistryHttp(settings)
  const limit = AbortSignal.timeout(timeoutMs)
  const signal = options.signal ? AbortSignal.any([options.signal, limit]) : limit
  let reason = 'no address'
  try {
    for (const base of basesOf(registry, settings)) {
      try {
        const url = new URL('v2/', base)
        const answer = await http.exchange({ method: 'GET', url }, { signal, connectMs: timeoutMs })
        answer.discard()
        // 401 is how a registry greets those it does not know.
        if (answer.status === 200 || answer.status === 401)
          return { answers: true, reason: `${base.host} answers` }
        reason = `${base.host} answers ${answer.status}, which no registry does`
      } catch (error) {
        options.signal?.throwIfAborted()
        reason = limit.aborted
          ? `${base.host} did not answer in ${timeoutMs} ms`
          : isFault(error)
            ? error.message
            : String(error)
      }
    }
    return { answers: false, reason }
  } finally {
    http.close()
  }
}

/** None for a registry that the configuration blocks. */
function basesOf(registry: string, settings: RegistrySettings): readonly URL[] {
  try {
    const endpoints = endpointsFor({ domain: registry, path: '' }, settings)
    return endpoints.flatMap(({ bases }) => bases)
  } catch (error) {
    if (isFault(error)) return []
    throw error
  }
}
