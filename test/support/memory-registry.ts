import { createHash } from 'node:crypto'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'

/** A registry in memory, complete enough to push to and pull from, each request of which a test can spoil. */
export type MemoryRegistry = {
  /** `127.0.0.1:PORT`. */
  readonly host: string
  readonly blobs: Map<string, Buffer>
  /** By tag and by digest. */
  readonly manifests: Map<string, Stored>
  readonly uploads: Map<string, Buffer>
  readonly seen: readonly Asked[]
  /** Told before the ordinary answer; true when it answered itself. The body is not read then. */
  spoil: Spoil
  close(): Promise<void>
}

export type Spoil = (asked: Asked, request: IncomingMessage, response: ServerResponse) => boolean
export type Stored = { readonly type: string; readonly bytes: Buffer }
export type Asked = {
  readonly method: string
  readonly url: string
  readonly headers: IncomingMessage['headers']
}

export async function startMemoryRegistry(): Promise<MemoryRegistry> {
  const seen: Asked[] = []
  const parts = {
    blobs: new Map<string, Buffer>(),
    manifests: new Map<string, Stored>(),
    uploads: new Map<string, Buffer>(),
  }
  const state: { spoil: Spoil; host: string } = { spoil: () => false, host: '' }
  const server = createServer((request, response) => {
    const { method = '', url = '', headers } = request
    const asked = { method, url, headers }
    seen.push(asked)
    request.on('error', () => {})
    response.on('error', () => {})
    if (!state.spoil(asked, request, response)) void serve(parts, asked, request, response)
  }).listen(0, '127.0.0.1')
  await new Promise((resolve) => server.once('listening', resolve))
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('no port')
  return Object.assign(state, parts, {
    host: `127.0.0.1:${address.port}`,
    seen,
    close: async () => {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  })
}

type Parts = Pick<MemoryRegistry, 'blobs' | 'manifests' | 'uploads'>

/** What a registry does that nobody spoils. Also for spoilers that let it work and then hide the answer. */
export async function serve(
  parts: Parts,
  { method, url, headers }: Asked,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const { pathname, searchParams } = new URL(url, 'http://registry')
  const [, repository = '', kind = '', rest = ''] =
    /^\/v2\/(.+)\/(blobs|manifests)\/(.*)$/.exec(pathname) ?? []
  if (pathname === '/v2/') response.writeHead(200).end()
  else if (kind === 'manifests') {
    if (method === 'PUT') await putManifest(parts, rest, request, response)
    else getManifest(parts, rest, response)
  } else if (rest.startsWith('uploads/')) {
    const id = rest.slice('uploads/'.length)
    const from = `/v2/${repository}/blobs/uploads/`
    if (method === 'POST') beginUpload(parts, from, searchParams, response)
    else if (!parts.uploads.has(id)) fail(response, 404, 'BLOB_UPLOAD_UNKNOWN')
    else if (method === 'GET')
      tellUpload(parts, `${from}${id}`, id, response.writeHead.bind(response, 204), response)
    else if (method === 'DELETE') response.writeHead(204).end()
    else if (method === 'PATCH') {
      const start = /^(\d+)-/.exec(String(headers['content-range'] ?? ''))?.[1]
      if (start !== undefined && Number(start) !== parts.uploads.get(id)?.length)
        return fail(response, 416, 'RANGE_INVALID')
      if (await append(parts, id, request))
        tellUpload(parts, `${from}${id}`, id, response.writeHead.bind(response, 202), response)
    } else if (await append(parts, id, request)) finishUpload(parts, id, searchParams, response)
  } else {
    const blob = parts.blobs.get(rest)
    if (blob) sendBlob(blob, headers.range, response)
    else fail(response, 404, 'BLOB_UNKNOWN')
  }
}

/** Keeps what arrived even when the rest does not. @returns whether all of it did */
export async function append(
  { uploads }: Pick<Parts, 'uploads'>,
  id: string,
  request: IncomingMessage,
  most = Number.POSITIVE_INFINITY,
): Promise<boolean> {
  const pieces = [uploads.get(id) ?? Buffer.alloc(0)]
  let size = 0
  try {
    for await (const chunk of request as AsyncIterable<Buffer>) {
      pieces.push(chunk.subarray(0, most - size))
      size += chunk.length
      if (size >= most) break
    }
    return true
  } catch {
    return false
  } finally {
    uploads.set(id, Buffer.concat(pieces))
  }
}

export function digestOf(bytes: Uint8Array): string {
  return `sha256:${createHash('sha256').update(bytes).digest('hex')}`
}

function getManifest({ manifests }: Parts, target: string, response: ServerResponse): void {
  const stored = manifests.get(target)
  if (!stored) {
    fail(response, 404, 'MANIFEST_UNKNOWN')
    return
  }
  const headers = { 'content-type': stored.type, 'docker-content-digest': digestOf(stored.bytes) }
  response.writeHead(200, headers).end(stored.bytes)
}

async function putManifest(
  { manifests, blobs }: Parts,
  target: string,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const pieces: Buffer[] = []
  for await (const chunk of request as AsyncIterable<Buffer>) pieces.push(chunk)
  const bytes = Buffer.concat(pieces)
  const manifest = JSON.parse(bytes.toString()) as {
    readonly config: { readonly digest: string }
    readonly layers: readonly { readonly digest: string }[]
  }
  if (![manifest.config, ...manifest.layers].every(({ digest }) => blobs.has(digest)))
    return fail(response, 400, 'MANIFEST_BLOB_UNKNOWN')
  const digest = digestOf(bytes)
  const stored = { type: String(request.headers['content-type']), bytes }
  manifests.set(target, stored).set(digest, stored)
  response.writeHead(201, { 'docker-content-digest': digest }).end()
}

function beginUpload(
  { blobs, uploads }: Parts,
  from: string,
  query: URLSearchParams,
  response: ServerResponse,
): void {
  if (blobs.has(query.get('mount') ?? '')) {
    response.writeHead(201).end()
    return
  }
  const id = `u${uploads.size}`
  uploads.set(id, Buffer.alloc(0))
  response.writeHead(202, { location: `${from}${id}?_state=x` }).end()
}

function tellUpload(
  { uploads }: Parts,
  location: string,
  id: string,
  write: (headers: Record<string, string>) => void,
  response: ServerResponse,
): void {
  const length = uploads.get(id)?.length ?? 0
  write({ location, range: `0-${Math.max(0, length - 1)}` })
  response.end()
}

function finishUpload(
  { uploads, blobs }: Parts,
  id: string,
  query: URLSearchParams,
  response: ServerResponse,
): void {
  const bytes = uploads.get(id) ?? Buffer.alloc(0)
  const digest = digestOf(bytes)
  uploads.delete(id)
  if (digest !== query.get('digest')) {
    fail(response, 400, 'DIGEST_INVALID')
    return
  }
  blobs.set(digest, bytes)
  response.writeHead(201, { 'docker-content-digest': digest }).end()
}

function sendBlob(blob: Buffer, range: string | undefined, response: ServerResponse): void {
  const [, from = 0, to = ''] = /^bytes=(\d+)-(\d*)$/.exec(range ?? '') ?? []
  const start = Number(from)
  const end = to === '' ? blob.length : Math.min(Number(to) + 1, blob.length)
  const headers = { 'content-length': end - start }
  if (range === undefined) response.writeHead(200, headers)
  else
    response.writeHead(206, {
      ...headers,
      'content-range': `bytes ${start}-${end - 1}/${blob.length}`,
    })
  response.end(response.req.method === 'HEAD' ? undefined : blob.subarray(start, end))
}

function fail(response: ServerResponse, status: number, code: string): void {
  response
    .writeHead(status, { 'content-type': 'application/json' })
    .end(JSON.stringify({ errors: [{ code, message: code.toLowerCase() }] }))
}
