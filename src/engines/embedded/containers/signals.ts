import { constants } from 'node:os'
import { Fault } from '../../../base/index.ts'

/**
 * A signal as Docker takes it: `SIGTERM`, `term`, `15`, `SIGRTMIN+3`.
 * @throws Fault SIGNAL_INVALID
 */
export function signalNumber(text: string): number {
  if (/^\d{1,2}$/.test(text)) return Number(text)
  const name = text.toUpperCase().replace(/^(?!SIG)/, 'SIG')
  const realtime = /^SIGRTMIN(?:\+(\d{1,2}))?$/.exec(name)
  // glibc's SIGRTMIN: the first two real-time signals belong to its threads.
  if (realtime) return 34 + Number(realtime[1] ?? 0)
  const number = Object.entries(constants.signals).find(([known]) => known === name)?.[1]
  if (number !== undefined) return number
  throw new Fault('SIGNAL_INVALID', `unknown signal ${JSON.stringify(text)}`, { kind: 'invalid' })
}
