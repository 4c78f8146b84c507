import { readdirSync, readFileSync, readlinkSync, rmSync, writeFileSync } from 'node:fs'
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

const releases = new Set<() => void>()

/** A lease file is made at the first `hold` and removed when the process ends; a killed one leaves it, and `survey` tells. */
export function openLease(folder: string): Lease {
  let name: string | undefined
  return {
    hold: () => {
      if (name !== undefined) return name
      const made = randomName()
      writeFileSync(join(folder, made), JSON.stringify(self()), { mode: 0o600 })
      releaseAtExit(() => rmSync(join(folder, made), { force: true }))
      name = made
      return made
    },
    survey: () => {
      const dead = new Set<string>()
      let others = 0
      for (const lease of readdirSync(folder)) {
        if (lease === name) continue
        if (isAlive(readOwner(join(folder, lease)))) others += 1
        else dead.add(lease)
      }
      return { dead, others }
    },
  }
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

function releaseAtExit(release: () => void): void {
  if (releases.size === 0)
    process.once('exit', () => {
      for (const each of releases) each()
    })
  releases.add(release)
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
