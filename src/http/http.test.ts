import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { createServer as createHttpServer } from 'node:http'
import { createServer as createSecureServer } from 'node:https'
import { connect, createServer as createTcpServer, type Server, type Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, expect, test } from 'vitest'
import { type HttpStub, startHttpStub } from '../../test/support/http-stub.ts'
import { parseBlock } from './addresses.ts'
import {
  followRedirects,
  type HttpClient,
  type HttpSettings,
  isPublic,
  mayLead,
  openHttp,
  parseRetryAfter,
  proxyFor,
  readAll,
  redactUrl,
  refuseTransient,
  withRetries,
} from './index.ts'

const closers: (() => unknown)[] = []
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close()
})

async function stub(...args: Parameters<typeof startHttpStub>): Promise<HttpStub> {
  const server = await startHttpStub(...args)
  closers.push(() => server.close())
  return server
}

function client(settings: HttpSettings = {}): HttpClient {
  const http = openHttp(settings)
  closers.push(() => http.close())
  return http
}

async function listening(server: Server): Promise<number> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  closers.push(() => new Promise((resolve) => server.close(resolve)))
  const address = server.address()
  return address !== null && typeof address === 'object' ? address.port : 0
}

const at = (host: string, path = '/') => new URL(`http://${host}${path}`)

test('a body that breaks off is a fault and not a short answer', async () => {
  const { host } = await stub((_, response) => {
    response.writeHead(200, { 'content-length': '10' })
    response.write('12345', () => response.destroy())
  })
  const answer = await client().exchange({ method: 'GET', url: at(host) })
  await expect(readAll(answer.body, 100, 'it')).rejects.toMatchObject({ code: 'HTTP_FAILED' })
})

test('nobody at home, silence, and an abort are told apart', async () => {
  const port = await listening(createTcpServer())
  const [closed] = closers.splice(-1)
  await closed?.()
  const http = client()
  await expect(
    http.exchange({ method: 'GET', url: at(`127.0.0.1:${port}`) }),
  ).rejects.toMatchObject({ code: 'HTTP_UNREACHABLE' })

  const sockets: Socket[] = []
  const mute = await listening(createTcpServer((socket) => sockets.push(socket)))
  closers.push(() => {
    for (const socket of sockets) socket.destroy()
  })
  const url = at(`127.0.0.1:${mute}`)
  await expect(http.exchange({ method: 'GET', url }, { idleMs: 30 })).rejects.toMatchObject({
    code: 'HTTP_TIMEOUT',
  })
  const stop = new AbortController()
  const waiting = http.exchange({ method: 'GET', url }, { signal: stop.signal })
  stop.abort(new Error('enough'))
  await expect(waiting).rejects.toThrow('enough')
})

test('an upload is streamed with its length, and an early refusal is an answer', async () => {
  const server = await stub((seen, response) => {
    response.writeHead(seen.url === '/full' ? 413 : 201).end()
  })
  async function* open() {
    for (let n = 0; n < 64; n++) yield await Promise.resolve(Buffer.alloc(65_536, n))
  }
  const body = { size: 64 * 65_536, open }
  const answer = await client().exchange({ method: 'PUT', url: at(server.host), body })
  expect(answer.status).toBe(201)
  expect(server.seen[0]?.headers['content-length']).toBe(String(body.size))
  expect(server.seen[0]?.body.length).toBe(body.size)
  const refusing = createHttpServer((_, response) => response.writeHead(413).end())
  const port = await listening(refusing)
  const refused = await client()
    .exchange({ method: 'PUT', url: at(`127.0.0.1:${port}`), body: { size: 1e9, open } })
    .catch((error: unknown) => error)
  expect(refused).toMatchObject({ status: 413 })
  refusing.closeAllConnections()
})

test('credentials do not travel to another host, and redirects end', async () => {
  const other = await stub((_, response) => response.end('there'))
  const server = await stub((seen, response, host) => {
    const to =
      seen.url === '/loop'
        ? `http://${host}/loop`
        : seen.url === '/same'
          ? '/here'
          : `http://u:p@${other.host}/x`
    if (seen.url === '/here') response.end('here')
    else response.writeHead(307, { location: to }).end()
  })
  const http = client()
  const headers = { authorization: 'Bearer secret' }
  const get = (path: string) =>
    followRedirects(http, { method: 'GET', url: at(server.host, path), headers })
  expect((await readAll((await get('/away')).body, 100, 'it')).toString()).toBe('there')
  expect(other.seen[0]?.headers.authorization).toBeUndefined()
  expect((await readAll((await get('/same')).body, 100, 'it')).toString()).toBe('here')
  expect(server.seen.at(-1)?.headers.authorization).toBe('Bearer secret')
  await expect(get('/loop')).rejects.toMatchObject({ code: 'HTTP_REDIRECT' })
})

test.each([
  'http://169.254.169.254/latest/meta-data/',
  'http://[fe80::1]/',
  'http://[::ffff:169.254.169.254]/',
])('nobody may send us to %s', async (location) => {
  const server = await stub((_, response) => response.writeHead(302, { location }).end())
  await expect(
    followRedirects(client(), { method: 'GET', url: at(server.host) }),
  ).rejects.toMatchObject({
    code: 'HTTP_ADDRESS_REFUSED',
  })
})

test.each(['file:///etc/passwd', 'gopher://x/', 'http://['])(
  'a redirect to %s is refused',
  async (location) => {
    const server = await stub((_, response) => response.writeHead(302, { location }).end())
    await expect(
      followRedirects(client(), { method: 'GET', url: at(server.host) }),
    ).rejects.toMatchObject({ code: 'HTTP_REDIRECT' })
  },
)

test('a name is checked by the address it has', async () => {
  const server = await stub((_, response) => response.end())
  const port = server.host.split(':')[1]
  const refused = client().exchange(
    { method: 'GET', url: at(`localhost:${port}`) },
    { allowAddress: isPublic },
  )
  await expect(refused).rejects.toMatchObject({ code: 'HTTP_ADDRESS_REFUSED' })
  expect(server.seen).toEqual([])
})

test('who may lead where', () => {
  expect(mayLead('8.8.8.8', '1.1.1.1')).toBe(true)
  expect(mayLead('8.8.8.8', '10.0.0.1')).toBe(false)
  expect(mayLead('10.0.0.2', '10.0.0.1')).toBe(true)
  expect(mayLead('10.0.0.2', '169.254.169.254')).toBe(false)
  expect(mayLead(null, '192.168.1.1')).toBe(false)
  for (const address of ['::1', 'fc00::1', '0.0.0.0', '100.64.0.1', '::ffff:10.0.0.1', 'x'])
    expect(isPublic(address)).toBe(false)
  expect(isPublic('2606:4700::1111')).toBe(true)
  expect(parseBlock('10.0.0.0/8')?.('10.9.9.9')).toBe(true)
  expect(parseBlock('10.0.0.0/99')).toBeNull()
})

test('busy servers are asked again, when they say', async () => {
  let asked = 0
  const server = await stub((_, response) => {
    asked += 1
    if (asked < 3) response.writeHead(429, { 'retry-after': '0' }).end()
    else response.end('at last')
  })
  const http = client()
  const answer = await withRetries(async () =>
    refuseTransient(await http.exchange({ method: 'GET', url: at(server.host) })),
  )
  expect(answer.status).toBe(200)
  expect(asked).toBe(3)
  answer.discard()
  asked = -1000
  const patience = withRetries(
    async () => refuseTransient(await http.exchange({ method: 'GET', url: at(server.host) })),
    { budgetMs: 0 },
  )
  await expect(patience).rejects.toMatchObject({ code: 'HTTP_FAILED' })
})

test('Retry-After is seconds or a date', () => {
  expect(parseRetryAfter('7', 0)).toBe(7000)
  expect(parseRetryAfter('Thu, 01 Jan 1970 00:00:09 GMT', 1000)).toBe(8000)
  expect(parseRetryAfter('Thu, 01 Jan 1970 00:00:09 GMT', 10_000)).toBe(0)
  expect(parseRetryAfter('soon', 0)).toBeNull()
  expect(parseRetryAfter(undefined, 0)).toBeNull()
})

test('proxies are chosen as Go chooses them', () => {
  const settings = {
    http: 'http://p:1',
    https: 'p:2',
    none: 'a.example, .b.example 10.0.0.0/8,c.example:8443,::1',
  }
  const chosen = (url: string) => proxyFor(new URL(url), settings)?.host ?? null
  expect(chosen('http://x.example/')).toBe('p:1')
  expect(chosen('https://x.example/')).toBe('p:2')
  expect(chosen('https://a.example/')).toBeNull()
  expect(chosen('https://sub.a.example/')).toBeNull()
  expect(chosen('https://nota.example/')).toBe('p:2')
  expect(chosen('https://b.example/')).toBe('p:2')
  expect(chosen('https://sub.b.example/')).toBeNull()
  expect(chosen('http://10.1.2.3/')).toBeNull()
  expect(chosen('https://c.example:8443/')).toBeNull()
  expect(chosen('https://c.example/')).toBe('p:2')
  for (const own of ['http://localhost:1/', 'http://127.0.0.1/', 'http://[::1]/'])
    expect(chosen(own)).toBeNull()
  expect(proxyFor(new URL('http://x/'), { ...settings, none: '*' })).toBeNull()
})

test('addresses are shown without what they may hide', () => {
  expect(redactUrl('https://user:pass@host:1/path?X-Sig=abc#f')).toBe('https://host:1/path?…')
  expect(redactUrl('no address')).toBe('(unreadable address)')
})

test('https: an extra authority is added, and CONNECT goes through a proxy that wants a password', async () => {
  const dir = mkdtempSync(join(tmpdir(), 'jettison-tls-'))
  closers.push(() => rmSync(dir, { recursive: true }))
  const key = join(dir, 'key.pem')
  const cert = join(dir, 'cert.pem')
  execFileSync(
    'openssl',
    [
      'req',
      '-x509',
      '-newkey',
      'ec',
      '-pkeyopt',
      'ec_paramgen_curve:P-256',
      '-nodes',
      '-keyout',
      key,
      '-out',
      cert,
      '-days',
      '2',
      '-subj',
      '/CN=upstream.test',
      '-addext',
      'subjectAltName=DNS:upstream.test,IP:127.0.0.1',
    ],
    { stdio: 'ignore' },
  )
  const secure = createSecureServer(
    { key: readFileSync(key), cert: readFileSync(cert) },
    (_, response) => response.end('secret'),
  )
  const port = await listening(secure)
  const url = new URL(`https://127.0.0.1:${port}/`)
  await expect(client().exchange({ method: 'GET', url })).rejects.toMatchObject({
    code: 'HTTP_TLS',
  })
  const ca = readFileSync(cert, 'utf8')
  const answer = await client({ ca }).exchange({ method: 'GET', url })
  expect((await readAll(answer.body, 100, 'it')).toString()).toBe('secret')

  const asked: (string | undefined)[] = []
  const proxy = createHttpServer()
  proxy.on('connect', (request, socket: Socket) => {
    asked.push(request.url, request.headers['proxy-authorization'])
    if (request.headers['proxy-authorization'] === undefined) {
      socket.end('HTTP/1.1 407 No\r\n\r\n')
      return
    }
    const upstream = connect(port, '127.0.0.1', () => {
      socket.write('HTTP/1.1 200 OK\r\n\r\n')
      upstream.pipe(socket).pipe(upstream)
    })
    upstream.on('error', () => {})
    socket.on('error', () => {})
  })
  const proxyPort = await listening(proxy)
  const through = (user: string) =>
    client({ ca, proxy: { http: null, https: `http://${user}127.0.0.1:${proxyPort}`, none: '' } })
  const named = new URL(`https://upstream.test:${port}/`)
  const tunnelled = await through('us%20er:pw@').exchange({ method: 'GET', url: named })
  expect((await readAll(tunnelled.body, 100, 'it')).toString()).toBe('secret')
  expect(asked).toEqual([
    `upstream.test:${port}`,
    `Basic ${Buffer.from('us er:pw').toString('base64')}`,
  ])
  await expect(through('').exchange({ method: 'GET', url: named })).rejects.toMatchObject({
    code: 'HTTP_UNREACHABLE',
  })
  secure.closeAllConnections()
  proxy.closeAllConnections()
})

test('plain http through a proxy names the whole address', async () => {
  const proxy = await stub((_, response) => response.end('proxied'))
  const http = client({ proxy: { http: `http://${proxy.host}`, https: null, none: '' } })
  const answer = await http.exchange({ method: 'GET', url: new URL('http://far.test/a?b') })
  expect((await readAll(answer.body, 100, 'it')).toString()).toBe('proxied')
  expect(proxy.seen[0]).toMatchObject({ url: 'http://far.test/a?b', headers: { host: 'far.test' } })
})
