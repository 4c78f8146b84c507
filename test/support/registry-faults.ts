import type { IncomingMessage, ServerResponse } from 'node:http'
import { type Asked, append, type MemoryRegistry, type Spoil, serve } from './memory-registry.ts'

/** One way in which a registry can go wrong, and what has to come of it. */
export type RegistryFault = {
  readonly name: string
  readonly doing: 'pull' | 'push'
  /** Made anew for each run, so that it can count. */
  readonly spoil: (registry: MemoryRegistry) => Spoil
  /** `survived`, or the code of the error. */
  readonly ends: 'survived' | RegExp
  /** What the requests must look like then. */
  readonly asked?: (seen: readonly Asked[]) => boolean
}

const isManifest = ({ url }: Asked): boolean => url.includes('/manifests/')
const isBlob = ({ url, method }: Asked): boolean => method === 'GET' && /\/blobs\/sha256:/.test(url)
const isLarge = (registry: MemoryRegistry, { url }: Asked): boolean =>
  (registry.blobs.get(/sha256:[0-9a-f]{64}/.exec(url)?.[0] ?? '')?.length ?? 0) > 1_000_000
const isUpload = (method: string, { url, method: used }: Asked): boolean =>
  used === method && url.includes('/blobs/uploads/')

type Answer = (
  asked: Asked,
  response: ServerResponse,
  request: IncomingMessage,
  count: number,
) => void

/** The first `times` requests that fit are answered by `answer`. */
function spoiled(
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

const status =
  (code: number, headers: Record<string, string> = {}): Answer =>
  (_, response, request) => {
    request.resume()
    response.writeHead(code, headers).end()
  }

const largeOf = (registry: MemoryRegistry, { url }: Asked): Buffer =>
  registry.blobs.get(/sha256:[0-9a-f]{64}/.exec(url)?.[0] ?? '') ?? Buffer.alloc(0)

const startOf = ({ headers }: Asked): number =>
  Number(/bytes=(\d+)-/.exec(String(headers.range))?.[1] ?? 0)

/** The large blob, as `change` sends it. */
function layer(
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

function head(asked: Asked, length: number, response: ServerResponse): ServerResponse {
  const start = startOf(asked)
  const range = start > 0 ? { 'content-range': `bytes ${start}-${start + length - 1}/*` } : {}
  return response.writeHead(start > 0 ? 206 : 200, { 'content-length': length, ...range })
}

function cut(response: ServerResponse, bytes: Buffer): void {
  response.write(bytes, () => setTimeout(() => response.destroy(), 20))
}

const bearer = (registry: MemoryRegistry, realm = `http://${registry.host}/token`): string =>
  `Bearer realm="${realm}",service="s"`

/** Wants a token for everything; `good` says which one it takes. */
function tokens(
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

function redirect(to: (asked: Asked, registry: MemoryRegistry) => string): RegistryFault['spoil'] {
  return (registry) =>
    spoiled(
      (asked) => isBlob(asked) && !asked.url.includes('from-afar'),
      (asked, response) => response.writeHead(307, { location: to(asked, registry) }).end(),
    )(registry)
}

/** The upload is begun, its location made what `where` says. */
function located(
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

const uploadId = ({ url }: Asked): string => /uploads\/([^?]+)/.exec(url)?.[1] ?? ''

/** Takes `most` bytes of a piece or blob and does the rest as `then` says. */
function taking(
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
function deaf(fits: (asked: Asked) => boolean, times = 1): RegistryFault['spoil'] {
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

const pulls: readonly Omit<RegistryFault, 'doing'>[] = [
  {
    name: '429 with Retry-After',
    spoil: spoiled(isManifest, status(429, { 'retry-after': '1' }), 1),
    ends: 'survived',
  },
  {
    name: '429 with a Retry-After of an hour',
    spoil: spoiled(isManifest, status(429, { 'retry-after': '3600' })),
    ends: /^REGISTRY_UNREACHABLE$/,
  },
  { name: '429 without Retry-After', spoil: spoiled(isBlob, status(429), 2), ends: 'survived' },
  ...[408, 500, 502, 503, 504].map((code) => ({
    name: `${code}, once`,
    spoil: spoiled(isBlob, status(code), 1),
    ends: 'survived' as const,
  })),
  {
    name: '503 without end',
    spoil: spoiled(isManifest, status(503)),
    ends: /^REGISTRY_UNREACHABLE$/,
  },
  {
    name: 'connection cut before the answer',
    spoil: spoiled(isManifest, (_, response) => response.destroy(), 2),
    ends: 'survived',
  },
  {
    name: 'connection always cut before the answer',
    spoil: spoiled(isManifest, (_, response) => response.destroy()),
    ends: /^REGISTRY_UNREACHABLE$/,
  },
  {
    name: 'an answer that is no HTTP',
    spoil: spoiled(isManifest, (_, response) => response.socket?.end('hello\r\n\r\n'), 1),
    ends: 'survived',
  },
  {
    name: 'layer cut in the middle',
    spoil: layer(
      (rest, asked, response) =>
        cut(head(asked, rest.length, response), rest.subarray(0, 1_000_000)),
      1,
    ),
    ends: 'survived',
    asked: (seen) => seen.some(({ headers }) => /^bytes=[1-9]\d*-$/.test(headers.range ?? '')),
  },
  {
    name: 'layer cut every 3 MB',
    spoil: layer((rest, asked, response) =>
      cut(head(asked, rest.length, response), rest.subarray(0, 3_000_000)),
    ),
    ends: 'survived',
  },
  {
    name: 'layer cut, and Range ignored',
    spoil: layer((rest, asked, response, count, whole) =>
      count === 1
        ? cut(head(asked, rest.length, response), rest.subarray(0, 1_000_000))
        : response.writeHead(200).end(whole),
    ),
    ends: 'survived',
  },
  {
    name: 'layer cut, and another range sent',
    spoil: layer((rest, asked, response, count) =>
      count === 1
        ? cut(head(asked, rest.length, response), rest.subarray(0, 1_000_000))
        : response.writeHead(206, { 'content-range': 'bytes 7-8/9' }).end(rest),
    ),
    ends: /^REGISTRY_ERROR$/,
  },
  {
    name: 'layer cut at once, for ever',
    spoil: layer((rest, asked, response) =>
      cut(head(asked, rest.length, response), Buffer.from([])),
    ),
    ends: /^(?:REGISTRY_UNREACHABLE|HTTP_)/,
  },
  {
    name: 'Content-Length too small',
    spoil: layer((rest, asked, response) =>
      head(asked, rest.length - 10, response).end(rest.subarray(0, -10)),
    ),
    ends: /^(?:SIZE_MISMATCH|ARCHIVE_CORRUPT)$/,
  },
  {
    name: 'Content-Length too large',
    spoil: layer((rest, asked, response) => cut(head(asked, rest.length + 10, response), rest)),
    ends: 'survived',
  },
  {
    name: 'bytes after the end',
    spoil: layer((rest, _, response) =>
      response.writeHead(200).end(Buffer.concat([rest, Buffer.from('more')])),
    ),
    ends: /^SIZE_MISMATCH$/,
  },
  {
    name: 'a layer without end',
    spoil: layer((rest, _, response) => endless(response, rest)),
    ends: /^SIZE_MISMATCH$/,
  },
  {
    name: 'another layer of the same length',
    spoil: layer((rest, asked, response) =>
      head(asked, rest.length, response).end(Buffer.alloc(rest.length, 7)),
    ),
    ends: /^(?:DIGEST_MISMATCH|ARCHIVE_CORRUPT|TAR_\w+)$/,
  },
  {
    name: 'one byte of the layer changed',
    spoil: layer((rest, asked, response) => head(asked, rest.length, response).end(flipped(rest))),
    ends: /^(?:DIGEST_MISMATCH|ARCHIVE_CORRUPT)$/,
  },
  {
    name: 'another configuration',
    spoil: (registry) =>
      spoiled(
        (asked) =>
          isBlob(asked) && !isLarge(registry, asked) && largeOf(registry, asked)[0] === 0x7b,
        (asked, response) => response.writeHead(200).end(flipped(largeOf(registry, asked))),
      )(registry),
    ends: /^DIGEST_MISMATCH$/,
  },
  {
    name: 'a manifest that is not its Docker-Content-Digest',
    spoil: spoiled(isManifest, (_, response) =>
      response.writeHead(200, { 'docker-content-digest': `sha256:${'0'.repeat(64)}` }).end('{}'),
    ),
    ends: /^DIGEST_MISMATCH$/,
  },
  {
    name: 'HTML instead of a manifest',
    spoil: spoiled(isManifest, (_, response) =>
      response.writeHead(200, { 'content-type': 'text/html' }).end('<html>log in</html>'),
    ),
    ends: /^MANIFEST_INVALID$/,
  },
  {
    name: 'a manifest of 5 MB',
    spoil: spoiled(isManifest, (_, response) =>
      response.writeHead(200).end(Buffer.alloc(5 << 20, 32)),
    ),
    ends: /^(?:HTTP_TOO_LARGE|REGISTRY_UNREACHABLE)$/,
  },
  {
    name: 'a slow layer',
    spoil: layer((rest, asked, response) => void trickle(head(asked, rest.length, response), rest)),
    ends: 'survived',
  },
  {
    name: 'a layer that stops in the middle',
    spoil: layer(
      (rest, asked, response) =>
        head(asked, rest.length, response).write(rest.subarray(0, 500_000)),
      1,
    ),
    ends: 'survived',
  },
  {
    name: 'a manifest that never comes',
    spoil: spoiled(isManifest, () => {}),
    ends: /^REGISTRY_UNREACHABLE$/,
  },
  {
    name: 'token loop',
    spoil: tokens(() => false),
    ends: /^UNAUTHORIZED$/,
    asked: (seen) => seen.length < 20,
  },
  { name: 'each token good for five requests', spoil: tokens(fiveTimes()), ends: 'survived' },
  {
    name: 'a realm at the metadata address',
    spoil: tokens(() => false, 'http://169.254.169.254/latest'),
    ends: /^(?:UNAUTHORIZED|REGISTRY_UNREACHABLE|HTTP_ADDRESS_REFUSED)$/,
  },
  {
    name: 'a realm that is a file',
    spoil: tokens(() => false, 'file:///etc/passwd'),
    ends: /^UNAUTHORIZED$/,
  },
  {
    name: 'blobs at another host',
    spoil: (registry) =>
      both(
        tokens((token, { url }) => token !== 'undefined' || url.includes('from-afar'))(registry),
        redirect(({ url }) => `http://localhost:${registry.host.split(':')[1]}${url}?from-afar`)(
          registry,
        ),
      ),
    ends: 'survived',
    asked: (seen) =>
      seen
        .filter(({ url }) => url.includes('from-afar'))
        .every(({ headers }) => headers.authorization === undefined),
  },
  {
    name: 'redirects in a circle',
    spoil: redirect(({ url }) => url),
    ends: /^(?:REGISTRY_UNREACHABLE|HTTP_REDIRECT)$/,
  },
  {
    name: 'a redirect to the metadata address',
    spoil: redirect(() => 'http://169.254.169.254/latest/meta-data'),
    ends: /^(?:REGISTRY_UNREACHABLE|HTTP_ADDRESS_REFUSED)$/,
  },
  {
    name: 'a redirect to a file',
    spoil: redirect(() => 'file:///etc/passwd'),
    ends: /^(?:REGISTRY_UNREACHABLE|HTTP_REDIRECT)$/,
  },
]

const pushes: readonly Omit<RegistryFault, 'doing'>[] = [
  {
    name: '429 with Retry-After',
    spoil: spoiled(
      (asked) => asked.method === 'PUT' && isManifest(asked),
      status(429, { 'retry-after': '1' }),
      1,
    ),
    ends: 'survived',
  },
  {
    name: '503 where an upload begins',
    spoil: spoiled((asked) => isUpload('POST', asked), status(503), 2),
    ends: 'survived',
  },
  {
    name: '500 at every upload',
    spoil: spoiled((asked) => isUpload('POST', asked), status(500)),
    ends: /^REGISTRY_UNREACHABLE$/,
  },
  {
    name: 'upload of a small blob cut',
    spoil: taking('PUT', 100, (response) => response.destroy()),
    ends: 'survived',
  },
  {
    name: 'upload of a large blob cut in the middle',
    spoil: taking('PATCH', 5_000_000, (response) => response.destroy()),
    ends: 'survived',
    asked: (seen) =>
      seen.some(
        ({ method, headers }) =>
          method === 'PATCH' && /^[1-9]\d*-/.test(headers['content-range'] ?? ''),
      ),
  },
  {
    name: 'a piece that is taken in part only',
    spoil: taking('PATCH', 4_000_000, (response, request, taken) => {
      request.resume()
      response.writeHead(202, { range: `0-${taken - 1}` }).end()
    }),
    ends: 'survived',
  },
  {
    name: 'the upload is forgotten in the middle',
    spoil: taking('PATCH', 3_000_000, (response) => response.writeHead(404).end()),
    ends: 'survived',
  },
  {
    name: 'the upload is forgotten each time',
    spoil: taking('PATCH', 1000, (response) => response.writeHead(404).end(), 99),
    ends: /^UPLOAD_LOST$/,
  },
  {
    name: 'no uploads in pieces',
    spoil: spoiled((asked) => isUpload('PATCH', asked), status(405)),
    ends: 'survived',
  },
  {
    name: 'a range that cannot be',
    spoil: taking(
      'PATCH',
      1000,
      (response, request) => {
        request.resume()
        response.writeHead(202, { range: '0-99999999999' }).end()
      },
      99,
    ),
    ends: /^UPLOAD_LOST$/,
  },
  {
    name: 'upload location at another host',
    spoil: (registry) =>
      both(
        tokens(
          (token, { headers }) =>
            token !== 'undefined' || String(headers.host).startsWith('localhost'),
        )(registry),
        located((path) => `http://localhost:${registry.host.split(':')[1]}${path}`)(registry),
      ),
    ends: 'survived',
    asked: (seen) =>
      seen
        .filter(({ headers }) => String(headers.host).startsWith('localhost'))
        .every(({ headers }) => headers.authorization === undefined),
  },
  {
    name: 'upload location at the metadata address',
    spoil: located((path) => `http://169.254.169.254${path}`),
    ends: /^(?:REGISTRY_UNREACHABLE|HTTP_ADDRESS_REFUSED)$/,
  },
  {
    name: 'upload location that is a file',
    spoil: located(() => 'file:///etc/passwd'),
    ends: /^REGISTRY_ERROR$/,
  },
  { name: 'no upload location', spoil: located(() => null), ends: /^REGISTRY_ERROR$/ },
  { name: 'each token good for five requests', spoil: tokens(fiveTimes()), ends: 'survived' },
  {
    name: 'token loop',
    spoil: tokens(() => false),
    ends: /^UNAUTHORIZED$/,
    asked: (seen) => seen.length < 40,
  },
  {
    name: 'the answer to the last request of an upload is lost',
    spoil: deaf((asked) => isUpload('PUT', asked), 2),
    ends: 'survived',
  },
  {
    name: 'the answer to the manifest is lost',
    spoil: deaf((asked) => asked.method === 'PUT' && isManifest(asked)),
    ends: 'survived',
  },
  {
    name: 'another digest for the manifest',
    spoil: spoiled(
      (asked) => asked.method === 'PUT' && isManifest(asked),
      status(201, { 'docker-content-digest': `sha256:${'1'.repeat(64)}` }),
    ),
    ends: /^DIGEST_MISMATCH$/,
  },
  {
    name: 'too large for it',
    spoil: spoiled((asked) => isUpload('PUT', asked) || isUpload('PATCH', asked), status(413)),
    ends: /^REGISTRY_ERROR$/,
  },
  {
    name: 'a blob that it says it has, of another size',
    spoil: spoiled(
      (asked) => asked.method === 'HEAD' && /blobs/.test(asked.url),
      status(200, { 'content-length': '3' }),
      2,
    ),
    ends: 'survived',
  },
  {
    name: 'no right to push',
    spoil: spoiled((asked) => isUpload('POST', asked), status(403)),
    ends: /^UNAUTHORIZED$/,
  },
]

export const registryFaults: readonly RegistryFault[] = [
  ...pulls.map((fault) => ({ ...fault, doing: 'pull' as const })),
  ...pushes.map((fault) => ({ ...fault, doing: 'push' as const })),
]

function both(first: Spoil, second: Spoil): Spoil {
  return (asked, request, response) =>
    first(asked, request, response) || second(asked, request, response)
}

/** A token is used up after five requests, as if its time were over. */
function fiveTimes(): (token: string) => boolean {
  const uses = new Map<string, number>()
  return (token) => {
    const count = (uses.get(token) ?? 0) + 1
    uses.set(token, count)
    return token !== 'undefined' && count <= 5
  }
}

function flipped(bytes: Buffer): Buffer {
  const copy = Buffer.from(bytes)
  const middle = copy.length >> 1
  copy[middle] = (copy[middle] ?? 0) ^ 1
  return copy
}

function endless(response: ServerResponse, bytes: Buffer): void {
  const more = (): void => {
    if (!response.destroyed) response.write(bytes, () => setImmediate(more))
  }
  more()
}

async function trickle(response: ServerResponse, bytes: Buffer): Promise<void> {
  const step = Math.ceil(bytes.length / 40)
  for (let at = 0; at < bytes.length && !response.destroyed; at += step) {
    response.write(bytes.subarray(at, at + step))
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
  response.end()
}
