import { spawn } from 'node:child_process'
import { constants } from 'node:os'
import { Fault } from '../../../base/index.ts'
import { syscallsOf } from '../sandbox/index.ts'
import { relayScript } from './relay-script.ts'

/** `ip` and `hostPort` on the host lead to `containerPort` in the container; host port 0 takes a free one. */
export type PortMapping = {
  readonly ip: string
  readonly hostPort: number
  readonly containerPort: number
  /** Absent is TCP. */
  readonly protocol?: 'tcp' | 'udp'
}

/** Listening sockets that lead nowhere until `attach` says into which container. */
export type Relay = {
  /** The mappings with the ports they really got. */
  readonly ports: readonly PortMapping[]
  /** Enters the network namespace of this process; from now on connections are served. */
  readonly attach: (pid: number) => void
  readonly close: () => Promise<void>
}

/**
 * Listens on the published ports.
 * @throws Fault PORT_IN_USE, PORT_UNAVAILABLE, PUBLISH_UNAVAILABLE
 */
export async function openRelay(mappings: readonly PortMapping[], address: string): Promise<Relay> {
  if (mappings.length === 0) return { ports: [], attach: () => {}, close: async () => {} }
  const nr = syscallsOf(process.arch)
  if (!nr) throw unavailable(`no system call table for ${process.arch}`)
  const args = mappings.map(
    ({ ip, hostPort, containerPort, protocol = 'tcp' }) =>
      `${ip} ${hostPort} ${containerPort} ${protocol}`,
  )
  const child = spawn(
    '/usr/bin/perl',
    ['-e', relayScript, String(nr.setns), String(nr.prctl), address, ...args],
    { env: {}, cwd: '/', stdio: ['pipe', 'pipe', 'ignore'] },
  )
  child.stdin.on('error', () => {})
  const closed = new Promise<void>((resolve) => {
    child.once('close', () => resolve())
    child.once('error', () => resolve())
  })
  const first = await Promise.race([
    new Promise<string>((resolve) => child.stdout.once('data', (bytes) => resolve(String(bytes)))),
    closed.then(() => ''),
  ])
  const [word, ...numbers] = first.trim().split(' ')
  if (word !== 'listening') {
    await closed
    throw word === 'fail'
      ? portFault(mappings, Number(numbers[0]), Number(numbers[1]))
      : unavailable('perl is missing')
  }
  return {
    ports: mappings.map((mapping, at) => ({ ...mapping, hostPort: Number(numbers[at]) })),
    attach: (pid) => void child.stdin.write(`${pid}\n`),
    close: async () => {
      child.stdin.end()
      child.kill('SIGTERM')
      await closed
    },
  }
}

function portFault(mappings: readonly PortMapping[], errno: number, port: number): Fault {
  const ip = mappings.find((mapping) => mapping.hostPort === port)?.ip ?? ''
  if (errno === constants.errno.EADDRINUSE)
    return new Fault('PORT_IN_USE', `cannot publish ${ip}:${port}: the port is already in use`, {
      hint: `choose another host port with -p HOST:CONTAINER, or stop what listens on ${port}`,
    })
  return new Fault('PORT_UNAVAILABLE', `cannot publish ${ip}:${port} (errno ${errno})`, {
    hint: 'the address must belong to this machine',
  })
}

function unavailable(reason: string): Fault {
  return new Fault('PUBLISH_UNAVAILABLE', `ports cannot be published here: ${reason}`, {
    hint: 'use --network host, or install perl-base',
  })
}
