import {
  existsSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { basename, join } from 'node:path'
import { onDisk, unlessReadOnly } from './disk-fault.ts'
import { randomName } from './names.ts'

/** A process that cannot be confused with a later one of the same number. */
type Owner = {
  readonly pid: number
  /** Clock ticks after boot, field 22 of /proc/PID/stat. */
  readonly start: string
  readonly boot: string
  /** Process-id namespace: a number means nothing in another one. */
  readonly namespace: string
  /** All that it uses is named by records: others may take away what no record names. */
  readonly settled?: true
}

export type Lease = {
  /**
   * Registers this process (once) and returns the name that its drafts and temporary files start with.
   * @throws Fault STORE_READ_ONLY, DISK_FULL, STORE_IO
   */
  hold(): string
  /** The same for who only reads. Where a store cannot be written nobody takes anything away, and none is needed. */
  look(): void
  /**
   * Does what only a process may do that is alone on the store: takes things away that others may be about to use. Who
   * registers meanwhile waits until it is done. @returns false when it was not done, because others are there
   */
  alone(work: () => void): boolean
  /** From now on this process uses nothing but what records name, and is in nobody's way. */
  settle(): void
  /** Removes marks and half-written leases of processes that were killed. */
  tidy(): void
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
  let alone = false
  const survey: Lease['survey'] = () => {
    const dead = new Set<string>()
    let others = 0
    for (const lease of readdirSync(folder)) {
      if (lease === name || lease.startsWith('.')) continue
      const owner = readOwner(join(folder, lease))
      if (!isAlive(owner)) dead.add(lease)
      else if (!owner?.settled) others += 1
    }
    return { dead, others }
  }
  const hold: Lease['hold'] = () => {
    // The store may have been deleted and made again under us.
    if (name !== undefined && existsSync(join(folder, name))) return name
    const made = name ?? randomName()
    onDisk('register with the store', () => writeLease(folder, made, self()))
    removeAtExit(join(folder, made))
    name = made
    while (!alone && othersSweep(folder)) Atomics.wait(pause, 0, 0, 2)
    return made
  }
  return {
    hold,
    look: () => void unlessReadOnly(hold),
    alone: (work) => {
      // First the mark, then the look around; who comes looks for the mark after registering. One sees the other.
      const owner = self()
      const mark = join(folder, `.sweep-${randomName()}${writtenBy(owner)}`)
      writeFileSync(mark, JSON.stringify(owner), { mode: 0o600 })
      alone = true
      try {
        if (survey().others > 0) return false
        work()
        return true
      } finally {
        alone = false
        rmSync(mark, { force: true })
      }
    },
    survey,
    settle: () => {
      if (name !== undefined) writeLease(folder, name, { ...self(), settled: true })
    },
    tidy: () => {
      for (const file of readdirSync(folder))
        if (file.startsWith('.') && isLeftOver(join(folder, file)))
          rmSync(join(folder, file), { force: true })
    },
  }
}

/** Never visible half-written: a lease that cannot be read is that of a dead process. */
function writeLease(folder: string, name: string, owner: Owner): void {
  const half = join(folder, `.${name}${writtenBy(owner)}`)
  writeFileSync(half, JSON.stringify(owner), { mode: 0o600 })
  renameSync(half, join(folder, name))
}

/** Ends the name of a file that its owner may be killed in the middle of writing: before its content says whose it is. */
function writtenBy({ pid, start, boot, namespace }: Owner): string {
  return `~${pid}~${start}~${boot}~${namespace.replace(/\D/g, '')}`
}

function writerOf(path: string): Owner | undefined {
  const [, pid, start = '', boot = '', namespace] = basename(path).split('~')
  return namespace === undefined
    ? undefined
    : { pid: Number(pid), start, boot, namespace: `pid:[${namespace}]` }
}

const pause = new Int32Array(new SharedArrayBuffer(4))

/** Somebody takes things away at this moment. A mark that is half-written yet is none: its maker will see us. */
function othersSweep(folder: string): boolean {
  return readdirSync(folder).some((file) => {
    const path = join(folder, file)
    return file.startsWith('.sweep-') && isAlive(readOwner(path)) && !isLeftOver(path)
  })
}

/** Longer than the writing of any mark, and than any sweep in a namespace that cannot be seen from here. */
const stale = 60_000

/** A mark or half-written lease of a process that was killed, be it in a namespace that cannot be seen from here. */
function isLeftOver(path: string): boolean {
  const stats = statSync(path, { throwIfNoEntry: false })
  const owner = readOwner(path) ?? writerOf(path)
  if (!stats) return false
  if (owner && (isBeside(owner) || !isAlive(owner))) return !isAlive(owner)
  return Date.now() - stats.mtimeMs > stale
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
  return !isBeside(owner) || startOf(owner.pid) === owner.start
}

function isBeside(owner: Owner): boolean {
  return owner.namespace === readlinkSync('/proc/self/ns/pid')
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
