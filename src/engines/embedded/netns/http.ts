import { request as httpRequest, type IncomingMessage } from 'node:http'
import type { HttpProbeAnswer, HttpProbeRequest } from '../../../proof/index.ts'
import { connectInside, type InnerConnection } from './connect.ts'
import { errorCode } from './error-code.ts'

/** An answer of a probe is kept in memory; what is longer than this is cut off and the probe says so. */
const maxBody = 16 * 1024 * 1024

/**
 * One HTTP/1.1 request to a port of a container, from inside its network namespace. Redirects are not followed.
 * Never rejects but for the signal: no answer is an answer.
 */
export async function requestInside(
  pid: number,
  address: string,
  request: HttpProbeRequest,
  signal?: AbortSignal,
): Promise<HttpProbeAnswer> {
  const timeout = AbortSignal.timeout(request.timeoutMs)
  const either = signal ? AbortSignal.any([signal, timeout]) : timeout
  let connection: InnerConnection | string | undefined
  try {
    connection = await connectInside(pid, address, request.port, either)
    if (typeof connection === 'string') return { kind: 'none', reason: connection }
    return await exchange(connection, address, request, either)
  } catch (error) {
    signal?.throwIfAborted()
    return { kind: 'none', reason: timeout.aborted ? 'TIMEOUT' : errorCode(error) }
  } finally {
    if (connection && typeof connection !== 'string') await connection.close()
  }
}

function exchange(
  { socket }: InnerConnection,
  address: string,
  { port, method, path, headers, body }: HttpProbeRequest,
  signal: AbortSignal,
): Promise<HttpProbeAnswer> {
  return new Promise((resolve, reject) => {
    const outgoing = httpRequest({
      host: address,
      port,
      method,
      path,
      headers: { connection: 'close', ...headers },
      createConnection: () => socket,
      signal,
    })
    outgoing.once('error', reject)
    outgoing.once('response', (response) => {
      readBody(response).then((bytes) => resolve(answerOf(response, bytes)), reject)
    })
    outgoing.end(body)
  })
}

function answerOf(response: IncomingMessage, body: Uint8Array): HttpProbeAnswer {
  const headers = Object.fromEntries(
    Object.entries(response.headers).map(([name, value]) => [
      name,
      Array.isArray(value) ? value.join('\n') : (value ?? ''),
    ]),
  )
  return { kind: 'answer', status: response.statusCode ?? 0, headers, body }
}

async function readBody(response: IncomingMessage): Promise<Uint8Array> {
  const chunks: Uint8Array[] = []
  let size = 0
  for await (const chunk of response as AsyncIterable<Uint8Array>) {
    chunks.push(chunk)
    size += chunk.length
    if (size > maxBody)
      throw Object.assign(new Error('the body is too long'), { code: 'BODY_TOO_LONG' })
  }
  return Buffer.concat(chunks)
}
