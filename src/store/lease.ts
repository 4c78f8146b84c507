import {
  existsSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { randomName } from './names.ts'

/** A process that cannot be confused with a later one of the same number. */
type Owner = {
  readonly pid: number
  /** Clock ticks after boot, field 22 of /proc/PID/stat. */
  readonly start: string
  readonly boot: string
  /** Process-id namespace: a number means nothing in another one. */
  readonly namespace: string
}

export type Lease = {
  /** Registers this process (once) and returns the name that its drafts and temporary files start with. */
  hold(): string
  /** Names of leases whose process is gone, and of those still used by other processes. */
  survey(): { readonly dead: ReadonlySet<string>; readonly others: number }
}

/** One for each store and process: two openings of a store in one process know of each other. */
const open = new Map<string, Lease>()

/** A lease file is made at the first `hold` and removed when the process ends; a killed one leaves it, and `survey` tells. */
export function openLease(folder: string): Lease {
  const known = open.get(folder)
  if (known) return known
  const lease = makeLease(folder)
  open.set(folder, lease)
  return lease
}

function makeLease(folder: string): Lease {
  let name: string | undefined
  return {
    hold: () => {
      // The store may have been deleted and made again under us.
      if (name !== undefined && existsSync(join(folder, name))) return name
      const made = name ?? randomName()
      // Never visible half-written: a lease that cannot be read is that of a dead process.
      writeFileSync(join(folder, `.${made}`), JSON.stringify(self()), { mode: 0o600 })
      renameSync(join(folder, `.${made}`), join(folder, made))
      removeAtExit(join(folder, made))
      name = made
      return made
    },
    survey: () => {
      const dead = new Set<string>()
      let others = 0
      for (const lease of readdirSync(folder)) {
        if (lease === name || lease.startsWith('.')) continue
        if (isAlive(readOwner(join(folder, lease)))) others += 1
        else dead.add(lease)
      }
      return { dead, others }
    },
  }
}

const held = new Set<string>()

function removeAtExit(file: string): void {
  if (held.size === 0)
    process.once('exit', () => {
      for (const each of held) rmSync(each, { force: true })
    })
  held.add(file)
}

/** Changes at every boot. */
export function bootId(): string {
  return readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim()
}

function self(): Owner {
  return {
    pid: process.pid,
    start: startOf(process.pid) ?? '',
    boot: bootId(),
    namespace: readlinkSync('/proc/self/ns/pid'),
  }
}

function readOwner(path: string): Owner | undefined {
  try {
    return JSON.parse(readFileSync(path, 'utf8')) as Owner
  } catch {
    return undefined
  }
}

/** Another namespace's process cannot be seen from here, so it counts as alive until the next boot. */
function isAlive(owner: Owner | undefined): boolean {
  if (!owner || owner.boot !== bootId()) return false
  if (owner.namespace !== readlinkSync('/proc/self/ns/pid')) return true
  return startOf(owner.pid) === owner.start
}

function startOf(pid: number): string | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
    // The command name in brackets may hold spaces and brackets itself.
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19]
  } catch {
    return undefined
  }
}
