import { type ChildProcess, spawn } from 'node:child_process'
import { constants } from 'node:os'
import type { Readable, Writable } from 'node:stream'
import { Fault } from '../../../base/index.ts'
import { closeWriters, type Pipe } from './fifos.ts'
import { exitOf, type Reports, readReports } from './reports.ts'
import type { Exit, Sandbox } from './types.ts'

/** A launcher to spawn: its descriptor 3 reads `input`, its descriptor 4 reports (see `perl-script.ts`). */
export type LaunchCommand = {
  readonly file: string
  readonly args: readonly string[]
  readonly input: Uint8Array
  /** Standard output and error, for launchers that do not make pipes themselves. */
  readonly pipes?: readonly Pipe[]
  /**
   * `supervisor` ends its sandbox on SIGTERM; `bare` knows no signals, so that PID 1 is killed directly.
   */
  readonly kind: 'supervisor' | 'bare'
}

export type SandboxIo = {
  /** With a terminal of the command's own, `inherit` stands for ours: raw while the command runs. */
  readonly stdin: 'ignore' | 'inherit' | { readonly fd: number }
  readonly output: (stream: 'stdout' | 'stderr', bytes: Uint8Array) => void
  /** Called when PID 1 is known and its network is there, before the command runs; see `gate` of the network. */
  readonly attach?: ((pid: number) => void) | undefined
  /** Kills every process of the sandbox. */
  readonly signal?: AbortSignal | undefined
}

/** A sandbox whose command has been started, or could not be (`Exit` 126 or 127, `refusal` says why). */
export type RunningSandbox = {
  /** PID 1 of the sandbox as the host numbers it. */
  readonly pid: number
  readonly refusal: string | null
  /** Settles when every process of the sandbox is gone and all output was delivered. Never rejects. */
  readonly ended: Promise<Exit>
  /** Sends a signal to PID 1, e.g. `SIGTERM`. @returns false once it has ended */
  readonly kill: (signal: NodeJS.Signals | number) => boolean
}

/** The launcher itself failed, before the command: another launcher may be tried. */
export const setupFailed = 'SANDBOX_SETUP_FAILED'

/**
 * Spawns a launcher and waits until the command runs.
 * @throws Fault SANDBOX_SETUP_FAILED; RUN_SETUP_FAILED for what no launcher could do; the signal's reason when it fires before the command runs
 */
export async function startLauncher(
  command: LaunchCommand,
  io: SandboxIo,
): Promise<RunningSandbox> {
  io.signal?.throwIfAborted()
  const child = spawnLauncher(command, io)
  const reports = readReports(child)
  const abort = (): void => {
    reports.now().killed = true
    if (command.kind === 'supervisor') child.kill('SIGTERM')
    // A bare launcher ends with its PID 1; killed alone, it could leave a sandbox behind that it was just making.
    else void reports.pid.then((pid) => killProcess(pid, 'SIGKILL'))
  }
  if (io.attach) void reports.pid.then(io.attach)
  io.signal?.addEventListener('abort', abort)
  const closed = untilClosed(child, command.pipes ?? []).finally(() =>
    io.signal?.removeEventListener('abort', abort),
  )
  deliver(child, command.pipes ?? [], io)
  send(child, command.input)
  const begun = await Promise.race([reports.begun, closed.then(() => reports.now())])
  if (!begun.started && begun.refusal === null) {
    await closed
    io.signal?.throwIfAborted()
    throw setupFault(reports.now(), command.file)
  }
  return {
    pid: begun.pid,
    refusal: begun.refusal,
    ended: closed.then(() => exitOf(reports.now(), child)),
    kill: (signal) => {
      if (child.exitCode !== null || child.signalCode !== null) return false
      if (signal === 'SIGKILL' || signal === constants.signals.SIGKILL) reports.now().killed = true
      return killProcess(begun.pid, signal)
    },
  }
}

/** @throws Fault SANDBOX_SETUP_FAILED for what only the Perl launcher can make */
export function refuseExtras({ process }: Pick<Sandbox, 'process'>): void {
  if (process.terminal || process.init)
    throw new Fault(setupFailed, 'a terminal (-t) or an init (--init) needs the perl launcher')
}

function setupFault({ failure, ofStep }: Reports, file: string): Fault {
  if (failure !== null && ofStep)
    return new Fault('RUN_SETUP_FAILED', `the command cannot be given its place: ${failure}`)
  return new Fault(setupFailed, failure ?? `${file} ended before it began`)
}

function spawnLauncher(command: LaunchCommand, io: SandboxIo): ChildProcess {
  const [out, err] = command.pipes ?? []
  const stdin = typeof io.stdin === 'string' ? io.stdin : io.stdin.fd
  const child = spawn(command.file, [...command.args], {
    env: command.kind === 'bare' ? { PATH: '/usr/sbin:/usr/bin:/sbin:/bin' } : {},
    cwd: '/',
    stdio: [stdin, out?.writeFd ?? 'pipe', err?.writeFd ?? 'pipe', 'pipe', 'pipe'],
  })
  closeWriters(command.pipes ?? [])
  return child
}

async function untilClosed(child: ChildProcess, pipes: readonly Pipe[]): Promise<void> {
  const ended = new Promise<void>((resolve) => {
    child.once('close', () => resolve())
    child.once('error', () => resolve())
  })
  const drained = pipes.map(
    ({ reader }) => new Promise<void>((resolve) => reader.once('close', () => resolve())),
  )
  await Promise.all([ended, ...drained])
}

function killProcess(pid: number, signal: NodeJS.Signals | number): boolean {
  try {
    return process.kill(pid, signal)
  } catch {
    return false
  }
}

function deliver(child: ChildProcess, pipes: readonly Pipe[], io: SandboxIo): void {
  const { output } = io
  const out: Readable | null = pipes[0]?.reader ?? child.stdout
  const err: Readable | null = pipes[1]?.reader ?? child.stderr
  out?.on('data', (bytes: Uint8Array) => output('stdout', bytes))
  err?.on('data', (bytes: Uint8Array) => output('stderr', bytes))
}

function send(child: ChildProcess, input: Uint8Array): void {
  const stream = child.stdio[3] as Writable
  // The launcher may die before it has read everything; its end tells the story.
  stream.on('error', () => {})
  stream.end(input)
}
