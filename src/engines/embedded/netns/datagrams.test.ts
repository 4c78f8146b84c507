import { createSocket, type Socket } from 'node:dgram'
import { once } from 'node:events'
import { afterAll, beforeAll, expect, test } from 'vitest'
import {
  type ContainerWorld,
  containerWorld,
  until,
} from '../../../../test/support/container-world.ts'
import type { OwnedContainer } from '../containers/index.ts'

/** Answers each datagram with the port that it came from. */
const echo = `
use IO::Socket::INET; $| = 1;
my $s = IO::Socket::INET->new(LocalAddr => "0.0.0.0", LocalPort => 5353, Proto => "udp") or die $!;
print "listening\\n";
while (defined(my $peer = $s->recv(my $data, 65536))) {
  my ($port) = sockaddr_in($peer);
  exit 0 if $data eq "end";
  $s->send($data eq "big" ? "x" x 20000 : $port, 0, $peer);
}
`

let world: ContainerWorld
let container: OwnedContainer
let port: number
const sockets: Socket[] = []

beforeAll(async () => {
  world = containerWorld()
  const image = await world.image({})
  container = await world.containers.run(
    {
      ...{ image, reference: 'app', name: 'echo', command: ['perl', '-e', echo] },
      publish: [{ ip: '127.0.0.1', hostPort: 0, containerPort: 5353, protocol: 'udp' }],
    },
    { stdin: 'ignore', output: () => {} },
  )
  await world.untilLog('echo', 'listening')
  const { state } = world.containers.inspect('echo')
  port = state.status === 'running' ? (state.ports[0]?.hostPort ?? 0) : 0
})

afterAll(async () => {
  for (const socket of sockets) socket.close()
  container.kill(9)
  await container.ended
  await world.remove()
})

/** One sender. Each question waits for its own answer: two that wait at once would both take the first to come. */
function client(): (text: string) => Promise<string> {
  const socket = createSocket('udp4')
  sockets.push(socket)
  let before: Promise<unknown> = Promise.resolve()
  return (text) => {
    const answer = before.then(async () => {
      const message = once(socket, 'message') as Promise<[Buffer]>
      socket.send(text, port, '127.0.0.1')
      return (await message)[0].toString()
    })
    before = answer
    return answer
  }
}

test('datagrams find their way in, and answers back to each sender', async () => {
  const [one, two] = [client(), client()]
  const [first, second] = [await one('a'), await two('b')]
  expect(first).toMatch(/^\d+$/)
  expect(second).not.toBe(first)
  // The container sees one sender for one of ours.
  expect(await Promise.all([one('c'), two('d'), one('e')])).toEqual([first, second, first])
  expect((await one('big')).length).toBe(20_000)
})

test('more senders than are remembered', async () => {
  const many = Array.from({ length: 600 }, client)
  const seen: string[] = []
  for (const [at, ask] of many.entries()) seen.push(await ask(String(at)))
  expect(seen.every((port) => /^\d+$/.test(port))).toBe(true)
  expect(await many.at(-1)?.('again')).toBe(seen.at(-1))
  // The first one was forgotten, and is a new sender now.
  expect(await many[0]?.('again')).not.toBe(seen[0])
})

test('nobody listens inside: nothing comes back, and nothing breaks', async () => {
  const socket = createSocket('udp4')
  sockets.push(socket)
  socket.send('end', port, '127.0.0.1')
  await until(() => world.containers.inspect('echo').state.status === 'exited')
  expect(await container.ended).toEqual({ exitCode: 0, signal: null })
})
