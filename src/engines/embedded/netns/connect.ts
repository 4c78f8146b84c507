import { spawn } from 'node:child_process'
import type { Socket } from 'node:net'
import { constants } from 'node:os'
import type { Readable } from 'node:stream'
import { Fault } from '../../../base/index.ts'
import { syscallsOf } from '../sandbox/index.ts'
import { connectScript } from './relay-script.ts'

/** A connection made inside a container's network namespace. Destroying the socket ends it. */
export type InnerConnection = { readonly socket: Socket; readonly close: () => Promise<void> }

/**
 * Connects to the container's own address from inside its network namespace.
 * @returns the connection, or the errno name of the refusal (`ECONNREFUSED`)
 */
export async function connectInside(
  pid: number,
  address: string,
  port: number,
  signal?: AbortSignal,
): Promise<InnerConnection | string> {
  signal?.throwIfAborted()
  const nr = syscallsOf(process.arch)
  if (!nr) throw new Fault('PROBE_UNAVAILABLE', `no system call table for ${process.arch}`)
  const child = spawn(
    '/usr/bin/perl',
    ['-e', connectScript, ...[nr.setns, nr.prctl, pid].map(String), address, String(port)],
    { env: {}, cwd: '/', stdio: ['ignore', 'ignore', 'ignore', 'pipe', 'pipe'] },
  )
  const kill = (): void => void child.kill('SIGKILL')
  signal?.addEventListener('abort', kill)
  const closed = new Promise<void>((resolve) => {
    child.once('close', () => resolve())
    child.once('error', () => resolve())
  }).finally(() => signal?.removeEventListener('abort', kill))
  // With 'pipe' Node makes a Unix socket pair: the descriptor carries both directions.
  const socket = child.stdio[3] as Socket
  socket.on('error', () => {})
  const close = async (): Promise<void> => {
    socket.destroy()
    kill()
    await closed
  }
  const report = child.stdio[4] as Readable
  report.on('error', () => {})
  const said = await Promise.race([
    new Promise<string>((resolve) => report.once('data', (bytes) => resolve(String(bytes).trim()))),
    closed.then(() => ''),
  ])
  if (said === 'ok') return { socket, close }
  await close()
  signal?.throwIfAborted()
  const errno = Number(said.split(' ')[1])
  return Object.entries(constants.errno).find(([, value]) => value === errno)?.[0] ?? 'UNREACHABLE'
}
