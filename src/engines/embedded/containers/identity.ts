import { readFileSync } from 'node:fs'
import { Fault } from '../../../base/index.ts'
import type { ProcessIdentity } from './types.ts'

/** @returns undefined when there is no such process */
export function identify(pid: number): ProcessIdentity | undefined {
  const start = startOf(pid)
  return start === undefined ? undefined : { pid, start, boot: bootId() }
}

/** @throws Fault PROC_MISSING */
export function ownIdentity(): ProcessIdentity {
  const own = identify(process.pid)
  if (own) return own
  throw new Fault('PROC_MISSING', '/proc is not mounted', { hint: 'containers need /proc' })
}

export function isAlive(identity: ProcessIdentity): boolean {
  return identity.boot === bootId() && startOf(identity.pid) === identity.start
}

/** The last moment, in milliseconds since 1970, in which a process that is gone can have lived. */
export function latestEnd({ boot }: ProcessIdentity): number {
  if (boot === bootId()) return Date.now()
  // proc_stat(5): seconds since 1970 when this machine started.
  const [, started] = /^btime (\d+)$/m.exec(readFileSync('/proc/stat', 'utf8')) ?? []
  return started === undefined ? Date.now() : Number(started) * 1000
}

function startOf(pid: number): string | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
    // The name in parentheses may hold spaces and parentheses of its own. A zombie has ended.
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
    return fields[0] === 'Z' || fields[0] === 'X' ? undefined : fields[19]
  } catch {
    return undefined
  }
}

function bootId(): string {
  return readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim()
}
