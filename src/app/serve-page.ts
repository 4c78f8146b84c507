import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'

/**
 * Serves one page on the loopback interface until the signal fires. Other host names than the loopback's are refused,
 * so that no site can read the page through a name that points here.
 * @param port 0 for any free one
 * @param ready told the address once it answers
 */
export function servePage(
  html: string,
  port: number,
  signal: AbortSignal,
  ready: (url: string) => void,
): Promise<void> {
  const body = Buffer.from(html)
  const server = createServer((request, response) => {
    const host = (request.headers.host ?? '').replace(/:\d+$/, '')
    const known = host === '127.0.0.1' || host === 'localhost'
    const found = request.url === '/' || request.url === '/index.html'
    const status = !known
      ? 403
      : !found
        ? 404
        : request.method === 'GET' || request.method === 'HEAD'
          ? 200
          : 405
    if (status !== 200) return response.writeHead(status).end()
    response.writeHead(200, {
      'content-type': 'text/html; charset=utf-8',
      'content-length': body.length,
      'cache-control': 'no-store',
      'x-content-type-options': 'nosniff',
      'x-frame-options': 'DENY',
      'cross-origin-resource-policy': 'same-origin',
    })
    return response.end(request.method === 'HEAD' ? undefined : body)
  })
  return new Promise((resolve, reject) => {
    const stop = (): void => {
      server.close(() => resolve())
      server.closeAllConnections()
    }
    server.once('error', reject)
    server.listen(port, '127.0.0.1', () => {
      if (signal.aborted) return stop()
      signal.addEventListener('abort', stop, { once: true })
      ready(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`)
    })
  })
}
