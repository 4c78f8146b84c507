import { readdirSync, readFileSync, readlinkSync, statSync } from 'node:fs'

/** One process of a container, as the host sees it. */
export type ContainerProcess = {
  readonly uid: number
  readonly pid: number
  readonly parent: number
  /** Seconds since the epoch. */
  readonly started: number
  /** Seconds of processor time. */
  readonly time: number
  /** `?` without one, else `pts/N`. */
  readonly terminal: string
  readonly command: string
}

/** Clock ticks a second in /proc (USER_HZ): 100 on every Linux that Node runs on. */
const hertz = 100

/** Every process in the PID namespace of this one, by number; none when it has ended. */
export function processesBeside(pid: number): readonly ContainerProcess[] {
  const namespace = namespaceOf(pid)
  if (namespace === undefined) return []
  const boot = bootTime()
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name) && namespaceOf(Number(name)) === namespace)
    .flatMap((name) => read(Number(name), boot) ?? [])
    .sort((a, b) => a.pid - b.pid)
}

/** @returns undefined when it ended in the meantime */
function read(pid: number, boot: number): ContainerProcess | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
    // proc(5): the name in parentheses may hold anything; field 3 comes behind the last of them.
    const name = stat.slice(stat.indexOf('(') + 1, stat.lastIndexOf(')'))
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
    const field = (number: number): number => Number(fields[number - 3])
    const words = readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0').join(' ').trim()
    return {
      uid: statSync(`/proc/${pid}`).uid,
      pid,
      parent: field(4),
      started: boot + field(22) / hertz,
      time: (field(14) + field(15)) / hertz,
      terminal: terminalOf(field(7)),
      command: words === '' ? `[${name}]` : words,
    }
  } catch {
    return undefined
  }
}

function namespaceOf(pid: number): string | undefined {
  try {
    return readlinkSync(`/proc/${pid}/ns/pid`)
  } catch {
    return undefined
  }
}

function bootTime(): number {
  return Number(/^btime (\d+)$/m.exec(readFileSync('/proc/stat', 'utf8'))?.[1] ?? 0)
}

/** Device numbers 136 to 143 are pseudo-terminals (Linux Documentation/admin-guide/devices.txt). */
function terminalOf(device: number): string {
  const [major, minor] = [(device >> 8) & 0xfff, (device & 0xff) | ((device >> 12) & 0xfff00)]
  return major >= 136 && major <= 143 ? `pts/${(major - 136) * 256 + minor}` : '?'
}
