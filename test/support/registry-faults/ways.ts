import type { IncomingMessage, ServerResponse } from 'node:http'
import { type Asked, append, type MemoryRegistry, type Spoil, serve } from '../memory-registry.ts'

/** One way in which a registry can go wrong, and what has to come of it. */
export type RegistryFault = {
  readonly name: string
  readonly doing: 'pull' | 'push'
  /** The large layer is fetched by several ranges at a time. */
  readonly ranged?: true
  /** Made anew for each run, so that it can count. */
  readonly spoil: (registry: MemoryRegistry) => Spoil
  /** `survived`, or the code of the error. */
  readonly ends: 'survived' | RegExp
  /** What the requests must look like then. */
  readonly asked?: (seen: readonly Asked[]) => boolean
}

export const isManifest = ({ url }: Asked): boolean => url.includes('/manifests/')
export const isBlob = ({ url, method }: Asked): boolean =>
  method === 'GET' && /\/blobs\/sha256:/.test(url)
export const isLarge = (registry: MemoryRegistry, { url }: Asked): boolean =>
  (registry.blobs.get(/sha256:[0-9a-f]{64}/.exec(url)?.[0] ?? '')?.length ?? 0) > 1_000_000
export const isUpload = (method: string, { url, method: used }: Asked): boolean =>
  used === method && url.includes('/blobs/uploads/')

export type Answer = (
  asked: Asked,
  response: ServerResponse,
  request: IncomingMessage,
  count: number,
) => void

/** The first `times` requests that fit are answered by `answer`. */
export function spoiled(
  fits: (asked: Asked, registry: MemoryRegistry) => boolean,
  answer: Answer,
  times = Number.POSITIVE_INFINITY,
): RegistryFault['spoil'] {
  return (registry) => {
    let count = 0
    return (asked, request, response) => {
      if (!fits(asked, registry) || count >= times) return false
      count += 1
      answer(asked, response, request, count)
      return true
    }
  }
}

export const status =
  (code: number, headers: Record<string, string> = {}): Answer =>
  (_, response, request) => {
    request.resume()
    response.writeHead(code, headers).end()
  }

export const largeOf = (registry: MemoryRegistry, { url }: Asked): Buffer =>
  registry.blobs.get(/sha256:[0-9a-f]{64}/.exec(url)?.[0] ?? '') ?? Buffer.alloc(0)

export const startOf = ({ headers }: Asked): number =>
  Number(/bytes=(\d+)-/.exec(String(headers.range))?.[1] ?? 0)

/** One `Range` of the large blob, those of others answered as they should be. */
export function range(
  answer: (part: Buffer, start: number, response: ServerResponse, whole: Buffer) => void,
  { from = 0, times }: { readonly from?: number; readonly times?: number } = {},
): RegistryFault['spoil'] {
  return (registry) =>
    spoiled(
      (asked) => /^bytes=\d+-\d+$/.test(asked.headers.range ?? '') && startOf(asked) >= from,
      (asked, response) => {
        const whole = largeOf(registry, asked)
        const end = Number(/-(\d+)$/.exec(String(asked.headers.range))?.[1]) + 1
        answer(whole.subarray(startOf(asked), end), startOf(asked), response, whole)
      },
      times,
    )(registry)
}

export function headOfRange(
  response: ServerResponse,
  start: number,
  length: number,
): ServerResponse {
  const headers = { 'content-range': `bytes ${start}-${start + length - 1}/*` }
  return response.writeHead(206, { ...headers, 'content-length': length })
}

/** The large blob, as `change` sends it. */
export function layer(
  change: (
    rest: Buffer,
    asked: Asked,
    response: ServerResponse,
    count: number,
    whole: Buffer,
  ) => void,
  times?: number,
): RegistryFault['spoil'] {
  return (registry) =>
    spoiled(
      (asked) => isBlob(asked) && isLarge(registry, asked),
      (asked, response, _, count) =>
        change(
          largeOf(registry, asked).subarray(startOf(asked)),
          asked,
          response,
          count,
          largeOf(registry, asked),
        ),
      times,
    )(registry)
}

export function head(asked: Asked, length: number, response: ServerResponse): ServerResponse {
  const start = startOf(asked)
  const range = start > 0 ? { 'content-range': `bytes ${start}-${start + length - 1}/*` } : {}
  return response.writeHead(start > 0 ? 206 : 200, { 'content-length': length, ...range })
}

export function cut(response: ServerResponse, bytes: Buffer): void {
  response.write(bytes, () => setTimeout(() => response.destroy(), 20))
}

export const bearer = (registry: MemoryRegistry, realm = `http://${registry.host}/token`): string =>
  `Bearer realm="${realm}",service="s"`

/** Wants a token for everything; `good` says which one it takes. */
export function tokens(
  good: (token: string, asked: Asked) => boolean,
  realm?: string,
): RegistryFault['spoil'] {
  return (registry) => {
    let given = 0
    return (asked, request, response) => {
      const { url, headers } = asked
      if (url.startsWith('/token')) {
        given += 1
        response.writeHead(200).end(JSON.stringify({ token: `t${given}` }))
        return true
      }
      if (url === '/v2/' || good(String(headers.authorization).replace('Bearer ', ''), asked))
        return false
      request.resume()
      response.writeHead(401, { 'www-authenticate': bearer(registry, realm) }).end()
      return true
    }
  }
}

export function redirect(
  to: (asked: Asked, registry: MemoryRegistry) => string,
): RegistryFault['spoil'] {
  return (registry) =>
    spoiled(
      (asked) => isBlob(asked) && !asked.url.includes('from-afar'),
      (asked, response) => response.writeHead(307, { location: to(asked, registry) }).end(),
    )(registry)
}

/** The upload is begun, its location made what `where` says. */
export function located(
  where: (path: string, registry: MemoryRegistry) => string | null,
): RegistryFault['spoil'] {
  return (registry) =>
    spoiled(
      (asked) => isUpload('POST', asked),
      (_, response, request) => {
        request.resume()
        const id = `away${registry.uploads.size}`
        registry.uploads.set(id, Buffer.alloc(0))
        const location = where(`/v2/x/blobs/uploads/${id}`, registry)
        response.writeHead(202, location === null ? {} : { location }).end()
      },
    )(registry)
}

export const uploadId = ({ url }: Asked): string => /uploads\/([^?]+)/.exec(url)?.[1] ?? ''

/** Takes `most` bytes of a piece or blob and does the rest as `then` says. */
export function taking(
  method: 'PUT' | 'PATCH',
  most: number,
  then: (response: ServerResponse, request: IncomingMessage, taken: number) => void,
  times = 1,
): RegistryFault['spoil'] {
  return (registry) =>
    spoiled(
      (asked) => isUpload(method, asked),
      (asked, response, request) => {
        void append(registry, uploadId(asked), request, most).then(() =>
          then(response, request, registry.uploads.get(uploadId(asked))?.length ?? 0),
        )
      },
      times,
    )(registry)
}

/** Lets the registry do its work, then loses the answer. */
export function deaf(fits: (asked: Asked) => boolean, times = 1): RegistryFault['spoil'] {
  return (registry) =>
    spoiled(
      fits,
      (asked, response, request) => {
        const lost = Object.assign(Object.create(response) as ServerResponse, {
          writeHead: () => lost,
          end: () => {
            response.destroy()
            return lost
          },
        })
        void serve(registry, asked, request, lost)
      },
      times,
    )(registry)
}

export function both(first: Spoil, second: Spoil): Spoil {
  return (asked, request, response) =>
    first(asked, request, response) || second(asked, request, response)
}

/** A token is used up after five requests, as if its time were over. */
export function fiveTimes(): (token: string) => boolean {
  const uses = new Map<string, number>()
  return (token) => {
    const count = (uses.get(token) ?? 0) + 1
    uses.set(token, count)
    return token !== 'undefined' && count <= 5
  }
}

export function flipped(bytes: Buffer): Buffer {
  const copy = Buffer.from(bytes)
  const middle = copy.length >> 1
  copy[middle] = (copy[middle] ?? 0) ^ 1
  return copy
}

export function endless(response: ServerResponse, bytes: Buffer): void {
  const more = (): void => {
    if (!response.destroyed) response.write(bytes, () => setImmediate(more))
  }
  more()
}

export async function trickle(response: ServerResponse, bytes: Buffer): Promise<void> {
  const step = Math.ceil(bytes.length / 40)
  for (let at = 0; at < bytes.length && !response.destroyed; at += step) {
    response.write(bytes.subarray(at, at + step))
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
  response.end()
}
