import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'

/** A server on a loopback port that answers as a test says, and remembers what it was asked. */
export type HttpStub = {
  /** `127.0.0.1:PORT`. */
  readonly host: string
  readonly seen: readonly Seen[]
  close(): Promise<void>
}

export type Seen = {
  readonly method: string
  readonly url: string
  readonly headers: IncomingMessage['headers']
  readonly body: Buffer
}

export async function startHttpStub(
  answer: (seen: Seen, response: ServerResponse, host: string) => void,
): Promise<HttpStub> {
  const seen: Seen[] = []
  let host = ''
  const server = createServer((request, response) => {
    const parts: Buffer[] = []
    request.on('data', (chunk: Buffer) => parts.push(chunk))
    request.on('error', () => {})
    request.on('end', () => {
      const { method = '', url = '', headers } = request
      const one = { method, url, headers, body: Buffer.concat(parts) }
      seen.push(one)
      answer(one, response, host)
    })
  }).listen(0, '127.0.0.1')
  await new Promise((resolve) => server.once('listening', resolve))
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('no port')
  host = `127.0.0.1:${address.port}`
  return {
    host,
    seen,
    close: async () => {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}
