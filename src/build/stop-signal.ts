import { Fault, type Range } from '../base/index.ts'
import { type Job, placeOf } from './job.ts'

/** Names of Linux's signals without `SIG` (signal(7)). */
const names: ReadonlySet<string> = new Set(
  (
    'ABRT ALRM BUS CHLD CLD CONT FPE HUP ILL INT IO IOT KILL PIPE POLL PROF PWR QUIT SEGV STKFLT STOP SYS TERM TRAP ' +
    'TSTP TTIN TTOU URG USR1 USR2 VTALRM WINCH XCPU XFSZ RTMIN RTMAX'
  ).split(' '),
)

/** STOPSIGNAL takes a positive number, or a name with or without `SIG`, real-time ones counted from either end. */
export function refuseUnknownSignal(job: Job, signal: string, at: Range): void {
  const name = signal.toUpperCase().replace(/^SIG/, '')
  const realTime = /^(?:RTMIN\+(?:[1-9]|1[0-5])|RTMAX-(?:[1-9]|1[0-4]))$/.test(name)
  if (/^[1-9]\d*$/.test(signal) || names.has(name) || realTime) return
  throw new Fault('SIGNAL_INVALID', `invalid signal: ${signal}`, {
    kind: 'invalid',
    at: placeOf(job, at),
    hint: 'write a name such as SIGTERM, or a number',
  })
}
