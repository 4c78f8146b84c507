import { execFileSync } from 'node:child_process'
import { chmodSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer, type Server } from 'node:http'
import { createConnection } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { appImage, perlServer } from '../../../../test/support/app-image.ts'
import { type Minbase, minbaseStore } from '../../../../test/support/minbase.ts'
import { unpackedPackage } from '../../../../test/support/unpacked-package.ts'
import type { Event } from '../../../base/index.ts'
import type { StoredImage } from '../../../build/index.ts'
import { createEmbeddedEngine, type EmbeddedEngine } from '../engine.ts'
import { findOutbound } from './outbound.ts'

/** Of a range for documentation (RFC 5737), on loopback: stands for another machine, and no other machine sees it. */
const elsewhere = '198.51.100.7'

let world: Minbase
let image: StoredImage
let programs: string
let server: Server

beforeAll(async () => {
  world = minbaseStore()
  image = await appImage(world, {})
  programs = mkdtempSync(join(tmpdir(), 'outbound-'))
  execFileSync('ip', ['addr', 'add', `${elsewhere}/32`, 'dev', 'lo'])
  server = createServer((request, response) =>
    response.end(`from ${request.socket.localAddress}\n`),
  )
  server.listen(0, elsewhere)
  await new Promise((resolve) => server.once('listening', resolve))
})

afterAll(async () => {
  server.closeAllConnections()
  await new Promise((resolve) => server.close(resolve))
  execFileSync('ip', ['addr', 'del', `${elsewhere}/32`, 'dev', 'lo'])
  rmSync(programs, { recursive: true, force: true })
  world.remove()
})

/** A folder for PATH with this program only, started with its package's libraries. */
function searchPath(name: string, packages: readonly string[]): string {
  const [first = '', ...more] = packages.map((each) => unpackedPackage(each))
  const libraries = more.flatMap((root) =>
    readdirSync(join(root, 'usr/lib')).map((triplet) => join(root, 'usr/lib', triplet)),
  )
  const dir = mkdtempSync(join(programs, name))
  const script = `#!/bin/sh\nLD_LIBRARY_PATH=${libraries.join(':')} exec ${join(first, 'usr/bin', name)} "$@"\n`
  writeFileSync(join(dir, name), script)
  chmodSync(join(dir, name), 0o755)
  return dir
}

function port(): number {
  const address = server.address()
  return typeof address === 'object' && address ? address.port : 0
}

const fetchIt = String.raw`
use IO::Socket::INET; my ($host, $port) = @ARGV;
my $s = IO::Socket::INET->new(PeerAddr => $host, PeerPort => $port, Timeout => 5) or do { print "no way\n"; exit 0 };
print $s "GET / HTTP/1.0\r\n\r\n"; print while <$s>;
`

async function output({ containers }: EmbeddedEngine, command: readonly string[]): Promise<string> {
  const chunks: Uint8Array[] = []
  const { ended } = await containers.run(
    { image, reference: 'app', command, removeOnExit: true },
    { stdin: 'ignore', output: (_, bytes) => chunks.push(bytes) },
  )
  await ended
  return Buffer.concat(chunks).toString()
}

describe.each([
  ['pasta', ['passt']],
  ['slirp4netns', ['slirp4netns', 'libslirp0']],
] as const)('%s', (name, packages) => {
  test('the command finds the network there at once; the host behind it stays closed', async () => {
    const events: Event[] = []
    const path = searchPath(name, packages)
    const { store } = world
    const engine = createEmbeddedEngine({
      store,
      searchPath: path,
      emit: (event) => events.push(event),
    })
    const get = (host: string): Promise<string> =>
      output(engine, ['perl', '-e', fetchIt, host, String(port())])
    expect(await get(elsewhere)).toContain(`from ${elsewhere}`)
    expect(await get('10.0.2.2')).toBe('no way\n')
    expect(await output(engine, ['head', '-n', '1', '/etc/resolv.conf'])).toBe(
      'nameserver 10.0.2.3\n',
    )
    expect(events).toEqual([])
    expect(processes()).not.toContain(path)
  })

  test('published ports lead in, but not to what listens on loopback', async () => {
    const { containers } = createEmbeddedEngine({
      store: world.store,
      searchPath: searchPath(name, packages),
    })
    for (const [listen, answer] of [
      ['0.0.0.0', 'you said'],
      ['127.0.0.1', 'ECONNRESET'],
    ] as const) {
      const seen: string[] = []
      const owned = await containers.run(
        {
          ...{ image, reference: 'app', name: 'inside', removeOnExit: true },
          command: ['perl', '-e', perlServer, listen, '5000'],
          publish: [{ ip: '127.0.0.1', hostPort: 0, containerPort: 5000 }],
        },
        { stdin: 'ignore', output: (_, bytes) => seen.push(Buffer.from(bytes).toString()) },
      )
      while (!seen.join('').includes('listening'))
        await new Promise((resolve) => setTimeout(resolve, 5))
      const { state } = containers.inspect('inside')
      expect(
        await talk(state.status === 'running' ? (state.ports[0]?.hostPort ?? 0) : 0),
      ).toContain(answer)
      owned.kill(9)
      await owned.ended
    }
  })
})

test('without a program the container stays alone and one notice says so', async () => {
  const events: Event[] = []
  const engine = createEmbeddedEngine({
    ...{ store: world.store, searchPath: programs },
    emit: (event) => events.push(event),
  })
  const text = await output(engine, ['perl', '-e', fetchIt, elsewhere, String(port())])
  expect(text).toBe('no way\n')
  expect(events).toMatchObject([{ kind: 'notice', code: 'NETWORK_ISOLATED' }])
})

test('a program that fails does not keep the container from running', async () => {
  const dir = mkdtempSync(join(programs, 'broken'))
  writeFileSync(join(dir, 'pasta'), '#!/bin/sh\necho no tun device >&2; exit 1\n')
  chmodSync(join(dir, 'pasta'), 0o755)
  const events: Event[] = []
  const engine = createEmbeddedEngine({
    ...{ store: world.store, searchPath: dir },
    emit: (event) => events.push(event),
  })
  expect(await output(engine, ['echo', 'ran'])).toBe('ran\n')
  expect(events).toMatchObject([{ code: 'OUTBOUND_FAILED' }])
  expect(JSON.stringify(events)).toContain('no tun device')
})

test('pasta comes first, relative folders never', () => {
  const [pasta, slirp] = [mkdtempSync(join(programs, 'a')), mkdtempSync(join(programs, 'b'))]
  for (const path of [join(pasta, 'pasta'), join(slirp, 'slirp4netns')])
    writeFileSync(path, '', { mode: 0o755 })
  expect(findOutbound(`${slirp}:${pasta}`)?.name).toBe('pasta')
  expect(findOutbound(`.:${slirp}`)?.path).toBe(join(slirp, 'slirp4netns'))
  expect(findOutbound('.:')).toBeUndefined()
})

function talk(to: number): Promise<string> {
  return new Promise((resolve) => {
    const socket = createConnection({ host: '127.0.0.1', port: to })
    socket.on('data', (bytes) => resolve(String(bytes)))
    socket.on('error', (error) => resolve((error as NodeJS.ErrnoException).code ?? ''))
    socket.write('GET / HTTP/1.0\r\n\r\n')
  })
}

function processes(): string {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map((pid) => {
      try {
        return readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ')
      } catch {
        return ''
      }
    })
    .join('\n')
}
