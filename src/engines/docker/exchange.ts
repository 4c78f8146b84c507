import { type ClientRequest, request as httpRequest, type IncomingMessage } from 'node:http'
import { request as httpsRequest } from 'node:https'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { type ByteStream, Fault, isFault } from '../../base/index.ts'
import { type DockerEndpoint, endpointName } from './endpoint.ts'

export type EngineRequest = {
  readonly method: 'GET' | 'POST'
  /** Path and query; without a version in front, the engine speaks its own newest. */
  readonly path: string
  /** A tar archive, sent in chunks as it is made. */
  readonly body?: ByteStream
  readonly signal?: AbortSignal | undefined
}

/**
 * One request to the Engine API and its answer, whose body is still to be read. There is no limit on silence: a load or
 * a build is silent while it works.
 * @throws Fault DOCKER_UNREACHABLE, DOCKER_REFUSED (status 400 and more), IMAGE_NOT_FOUND (404)
 */
export async function exchange(
  endpoint: DockerEndpoint,
  { method, path, body, signal }: EngineRequest,
): Promise<IncomingMessage> {
  signal?.throwIfAborted()
  const outgoing = open(endpoint, {
    method,
    path,
    headers: {
      // The name of a machine on the other side of a socket means nothing; the API wants one.
      host: endpoint.kind === 'unix' ? 'docker' : endpointName(endpoint),
      'user-agent': 'jettison',
      ...(body ? { 'content-type': 'application/x-tar' } : {}),
    },
    ...(signal ? { signal } : {}),
  })
  const answered = new Promise<IncomingMessage>((resolve, reject) => {
    outgoing.once('response', resolve).once('error', reject)
  })
  answered.catch(() => {})
  try {
    if (body) await send(outgoing, body, answered)
    else outgoing.end()
    const answer = await answered
    if ((answer.statusCode ?? 0) >= 400) throw await refusal(answer, endpoint)
    return answer
  } catch (error) {
    outgoing.destroy()
    signal?.throwIfAborted()
    throw isFault(error) ? error : unreachable(endpoint, error)
  }
}

/** The answer as a stream of bytes. @throws Fault DOCKER_UNREACHABLE when it breaks off */
export async function* bytesOf(endpoint: DockerEndpoint, answer: IncomingMessage): ByteStream {
  try {
    for await (const chunk of answer) yield chunk as Buffer
    if (!answer.complete) throw new Error('the answer broke off')
  } catch (error) {
    throw unreachable(endpoint, error)
  }
}

/** The whole answer as JSON. */
export async function jsonOf(endpoint: DockerEndpoint, answer: IncomingMessage): Promise<unknown> {
  const chunks: Uint8Array[] = []
  for await (const chunk of bytesOf(endpoint, answer)) chunks.push(chunk)
  try {
    return JSON.parse(Buffer.concat(chunks).toString('utf8'))
  } catch (cause) {
    throw noEngine(endpoint, cause)
  }
}

function noEngine(endpoint: DockerEndpoint, cause: unknown): Fault {
  const message = `${endpointName(endpoint)} does not answer as Docker does`
  return new Fault('DOCKER_REFUSED', message, { hint: 'look at DOCKER_HOST', cause })
}

type Options = {
  readonly method: string
  readonly path: string
  readonly headers: Record<string, string>
  readonly signal?: AbortSignal
}

function open(endpoint: DockerEndpoint, options: Options): ClientRequest {
  if (endpoint.kind === 'unix')
    return httpRequest({ ...options, socketPath: endpoint.path, agent: false })
  const { host, port, tls } = endpoint
  if (!tls) return httpRequest({ ...options, host, port, agent: false })
  const { verify, ...keys } = tls
  return httpsRequest({ ...options, ...keys, host, port, rejectUnauthorized: verify, agent: false })
}

/** An error that is answered before the end of the body ends the sending; any other early answer waits for it. */
async function send(
  outgoing: ClientRequest,
  body: ByteStream,
  answered: Promise<IncomingMessage>,
): Promise<void> {
  const source = Readable.from(body, { objectMode: false, highWaterMark: 1 << 20 })
  let failed: unknown
  const sending = pipeline(source, outgoing).catch((error: unknown) => {
    failed = error
  })
  const first = await Promise.race([sending, answered.catch(() => undefined)])
  if (first && (first.statusCode ?? 0) >= 400) return
  await sending
  // A body that cannot be made is our error; a connection that breaks while it is sent may have brought an answer.
  if (isFault(failed)) throw failed
  if (failed !== undefined && (await early(answered)) === undefined) throw failed
}

async function early(answered: Promise<IncomingMessage>): Promise<IncomingMessage | undefined> {
  return await Promise.race([
    answered.catch(() => undefined),
    new Promise<undefined>((resolve) => {
      setTimeout(() => resolve(undefined), 100)
    }),
  ])
}

/** `{"message": "…"}` of the API. */
async function refusal(answer: IncomingMessage, endpoint: DockerEndpoint): Promise<Fault> {
  const chunks: Uint8Array[] = []
  for await (const chunk of bytesOf(endpoint, answer)) chunks.push(chunk)
  const text = Buffer.concat(chunks).toString('utf8')
  const message = messageOf(text) ?? `status ${answer.statusCode}`
  if (answer.statusCode === 404 && /no such image|not found/i.test(message))
    return new Fault('IMAGE_NOT_FOUND', `the Docker Engine says: ${message}`, {
      hint: 'docker image ls lists what it has',
    })
  return dockerRefused(message)
}

function messageOf(text: string): string | undefined {
  try {
    const { message } = JSON.parse(text) as { message?: unknown }
    return typeof message === 'string' ? message : undefined
  } catch {
    return text.trim().slice(0, 500) || undefined
  }
}

export function dockerRefused(message: string): Fault {
  return new Fault('DOCKER_REFUSED', `the Docker Engine says: ${message}`, {
    hint: 'its own log says more',
  })
}

function unreachable(endpoint: DockerEndpoint, cause: unknown): Fault {
  const code = (cause as NodeJS.ErrnoException).code
  const why =
    code === 'EACCES'
      ? 'you may not open it'
      : code === 'ENOENT'
        ? 'there is no such socket'
        : code === 'ECONNREFUSED'
          ? 'nobody listens there'
          : cause instanceof Error
            ? cause.message
            : String(cause)
  return new Fault(
    'DOCKER_UNREACHABLE',
    `the Docker Engine at ${endpointName(endpoint)} cannot be reached: ${why}`,
    {
      hint: 'start it, or name it with DOCKER_HOST or DOCKER_CONTEXT as for docker itself',
      cause,
    },
  )
}
