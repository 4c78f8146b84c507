import { type ChildProcess, spawn } from 'node:child_process'
import { constants } from 'node:os'
import type { Readable, Writable } from 'node:stream'
import { Fault } from '../../../base/index.ts'
import type { Exit } from './types.ts'

/** A launcher to spawn: its descriptor 3 reads `input`, its descriptor 4 reports (see `perl-script.ts`). */
export type LaunchCommand = {
  readonly file: string
  readonly args: readonly string[]
  readonly input: Uint8Array
}

export type SandboxIo = {
  readonly stdin: 'ignore' | 'inherit' | { readonly fd: number }
  /** `inherit` hands the caller's own stdout and stderr to the command, for a terminal. */
  readonly output: 'inherit' | ((stream: 'stdout' | 'stderr', bytes: Uint8Array) => void)
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
 * @throws Fault SANDBOX_SETUP_FAILED; the signal's reason when it fires before the command runs
 */
export async function startLauncher(
  command: LaunchCommand,
  io: SandboxIo,
): Promise<RunningSandbox> {
  io.signal?.throwIfAborted()
  const output = io.output === 'inherit' ? 'inherit' : 'pipe'
  const stdin = typeof io.stdin === 'string' ? io.stdin : io.stdin.fd
  const child = spawn(command.file, [...command.args], {
    env: {},
    cwd: '/',
    stdio: [stdin, output, output, 'pipe', 'pipe'],
  })
  const abort = (): void => void child.kill('SIGTERM')
  io.signal?.addEventListener('abort', abort)
  const closed = new Promise<void>((resolve) => {
    child.once('close', () => resolve())
    child.once('error', () => resolve())
  }).finally(() => io.signal?.removeEventListener('abort', abort))
  deliver(child, io)
  send(child, command.input)
  const reports = readReports(child)
  const begun = await Promise.race([reports.begun, closed.then(() => reports.now())])
  if (!begun.started && !begun.refusal) {
    await closed
    io.signal?.throwIfAborted()
    throw new Fault(
      setupFailed,
      `${command.file}: ${reports.now().failure ?? 'ended before it began'}`,
    )
  }
  return {
    pid: begun.pid,
    refusal: begun.refusal,
    ended: closed.then(() => exitOf(reports.now())),
    kill: (signal) => {
      if (child.exitCode !== null || child.signalCode !== null) return false
      try {
        return process.kill(begun.pid, signal)
      } catch {
        return false
      }
    },
  }
}

type Reports = {
  pid: number
  started: boolean
  /** The command itself could not be executed. */
  refusal: string | null
  refusalCode: number
  failure: string | null
  exit: Exit | null
}

function deliver(child: ChildProcess, io: SandboxIo): void {
  const { output } = io
  if (output === 'inherit') return
  child.stdout?.on('data', (bytes: Uint8Array) => output('stdout', bytes))
  child.stderr?.on('data', (bytes: Uint8Array) => output('stderr', bytes))
}

function send(child: ChildProcess, input: Uint8Array): void {
  const stream = child.stdio[3] as Writable
  // The launcher may die before it has read everything; its end tells the story.
  stream.on('error', () => {})
  stream.end(input)
}

function readReports(child: ChildProcess): {
  readonly begun: Promise<Reports>
  readonly now: () => Reports
} {
  const state: Reports = {
    pid: 0,
    started: false,
    refusal: null,
    refusalCode: 0,
    failure: null,
    exit: null,
  }
  const begun = new Promise<Reports>((resolve) => {
    let pending = ''
    const stream = child.stdio[4] as Readable
    stream.on('error', () => {})
    stream.on('data', (bytes: Buffer) => {
      const lines = (pending + bytes.toString('utf8')).split('\n')
      pending = lines.pop() ?? ''
      for (const line of lines) note(state, line)
      if (state.started || state.refusal) resolve(state)
    })
    child.once('error', (error) => {
      state.failure = error.message
    })
  })
  return { begun, now: () => state }
}

function note(state: Reports, line: string): void {
  const [word = '', value = ''] = line.split(' ', 2)
  if (word === 'pid') state.pid = Number(value)
  else if (word === 'started') state.started = true
  else if (word === 'exit') state.exit = { exitCode: Number(value), signal: null }
  else if (word === 'signal')
    state.exit = { exitCode: 128 + Number(value), signal: signalName(Number(value)) }
  else if (word === 'fail') {
    const what = line.slice(`fail ${value} `.length)
    if (what.startsWith('exec ')) refuse(state, what.slice('exec '.length), Number(value))
    else state.failure = `${what}: ${errorName(Number(value))}`
  }
}

/** Docker's words and exit codes: 127 when there is no such program, 126 when it cannot be executed. */
function refuse(state: Reports, program: string, errno: number): void {
  const missing = errno === constants.errno.ENOENT || errno === constants.errno.ENOTDIR
  state.refusalCode = missing ? 127 : 126
  const reason =
    missing && !program.includes('/')
      ? 'executable file not found in $PATH'
      : errno === constants.errno.ENOEXEC
        ? 'exec format error'
        : errorName(errno)
  state.refusal = `exec: ${JSON.stringify(program)}: ${reason}`
}

function exitOf(state: Reports): Exit {
  if (state.refusal) return { exitCode: state.refusalCode, signal: null }
  // A supervisor that was killed cannot report; its sandbox died with it.
  return state.exit ?? { exitCode: 137, signal: 'SIGKILL' }
}

const errorWords: Readonly<Record<string, string>> = {
  ENOENT: 'no such file or directory',
  EACCES: 'permission denied',
  EPERM: 'operation not permitted',
  ENOTDIR: 'not a directory',
  EISDIR: 'is a directory',
  EINVAL: 'invalid argument',
  EROFS: 'read-only file system',
  ENOSPC: 'no space left on device',
  ENOSYS: 'not offered by this kernel',
  EEXIST: 'file exists',
  E2BIG: 'argument list too long',
}

function errorName(errno: number): string {
  const name = Object.entries(constants.errno).find(([, value]) => value === errno)?.[0]
  return name ? (errorWords[name] ?? name) : `error ${errno}`
}

function signalName(number: number): string {
  const name = Object.entries(constants.signals).find(([, value]) => value === number)?.[0]
  return name ?? `SIG${number}`
}
