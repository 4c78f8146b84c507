import type { ChildProcess } from 'node:child_process'
import { constants } from 'node:os'
import type { Readable } from 'node:stream'
import type { Exit } from './types.ts'

/** What a launcher has said so far on descriptor 4 (the words are listed in `perl-script.ts`). */
export type Reports = {
  pid: number
  started: boolean
  /** The command itself could not be executed. */
  refusal: string | null
  refusalCode: number
  failure: string | null
  /** The failure lies in what the step asks for (`step …` in a report), so another launcher would not do better. */
  ofStep: boolean
  exit: Exit | null
  /** We sent SIGKILL: some launchers cannot say so of the command that they waited for. */
  killed: boolean
}

export type ReportReader = {
  /** Settles when the command runs or could not be executed. */
  readonly begun: Promise<Reports>
  /** Settles when PID 1 is known, on the host's numbering. */
  readonly pid: Promise<number>
  readonly now: () => Reports
}

export function readReports(child: ChildProcess): ReportReader {
  const state: Reports = {
    pid: 0,
    started: false,
    refusal: null,
    refusalCode: 0,
    failure: null,
    ofStep: false,
    exit: null,
    killed: false,
  }
  let foundPid: (pid: number) => void = () => {}
  const pid = new Promise<number>((resolve) => {
    foundPid = resolve
  })
  const begun = new Promise<Reports>((resolve) => {
    let pending = ''
    const stream = child.stdio[4] as Readable
    stream.on('error', () => {})
    stream.on('data', (bytes: Buffer) => {
      const lines = (pending + bytes.toString('utf8')).split('\n')
      pending = lines.pop() ?? ''
      for (const line of lines) note(state, line)
      if (state.pid > 0) foundPid(state.pid)
      if (state.started || state.refusal !== null) resolve(state)
    })
  })
  child.once('error', (error) => {
    state.failure = error.message
  })
  return { begun, pid, now: () => state }
}

function note(state: Reports, line: string): void {
  const [word = '', value = ''] = line.split(' ', 2)
  if (word === 'pid') state.pid = Number(value)
  else if (word === 'started') state.started = true
  else if (word === 'exit') state.exit = { exitCode: Number(value), signal: null }
  else if (word === 'signal')
    state.exit = { exitCode: 128 + Number(value), signal: signalName(Number(value)) }
  else if (word === 'fail') noteFailure(state, line.slice(`fail ${value} `.length), Number(value))
}

function noteFailure(state: Reports, said: string, errno: number): void {
  if (said.startsWith('exec ')) {
    refuse(state, said.slice('exec '.length), errno)
    return
  }
  const what = said.replace(/^step /, '')
  state.ofStep = what !== said
  state.failure = errno === 0 ? what : `${what}: ${errorName(errno)}`
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

/** The launcher's own end stands in for a report that is missing: one that was killed cannot give it. */
export function exitOf(state: Reports, child: ChildProcess): Exit {
  if (state.refusal !== null) return { exitCode: state.refusalCode, signal: null }
  if (state.exit) return state.exit
  if (state.killed) return { exitCode: 137, signal: 'SIGKILL' }
  const signal = child.signalCode
  if (signal !== null) return { exitCode: 128 + constants.signals[signal], signal }
  return { exitCode: child.exitCode ?? 137, signal: null }
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
