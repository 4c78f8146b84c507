import { createServer, request as httpRequest } from 'node:http'
import type { DockerRegistry } from './docker-registry.ts'

/** One exchange with the registry behind: what was asked, and how many bytes of the answer's body came. */
export type Exchange = {
  readonly method: string
  readonly path: string
  readonly status: number
  readonly bytes: number
}

/** A registry before which stands somebody who writes down what is asked of it. */
export type WatchedRegistry = {
  /** `127.0.0.1:PORT`. */
  readonly host: string
  readonly seen: readonly Exchange[]
  /** Answers itself when it returns a status. */
  refuse: (method: string, path: string) => number | undefined
  close(): Promise<void>
}

export async function watchRegistry({ host }: DockerRegistry): Promise<WatchedRegistry> {
  const seen: Exchange[] = []
  const state: { refuse: WatchedRegistry['refuse'] } = { refuse: () => undefined }
  const [hostname, port] = host.split(':')
  const server = createServer((incoming, outgoing) => {
    const { method = '', url: path = '', headers } = incoming
    const refused = state.refuse(method, path)
    if (refused !== undefined) {
      seen.push({ method, path, status: refused, bytes: 0 })
      incoming.resume()
      outgoing.writeHead(refused).end()
      return
    }
    const onward = httpRequest({ hostname, port, method, path, headers }, (answer) => {
      const { statusCode: status = 0 } = answer
      let bytes = 0
      answer.on('data', (chunk: Buffer) => {
        bytes += chunk.length
      })
      // Before the client can have seen the end of it.
      answer.on('end', () => seen.push({ method, path, status, bytes }))
      outgoing.writeHead(status, answer.headers)
      answer.pipe(outgoing)
    })
    for (const stream of [onward, incoming, outgoing])
      stream.on('error', () => {
        onward.destroy()
        outgoing.destroy()
      })
    incoming.pipe(onward)
  }).listen(0, '127.0.0.1')
  await new Promise((resolve) => server.once('listening', resolve))
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('no port')
  return Object.assign(state, {
    host: `127.0.0.1:${address.port}`,
    seen,
    close: async () => {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  })
}
