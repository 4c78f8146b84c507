import { existsSync, mkdirSync, readFileSync, rmdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'

export type Limits = {
  /** Bytes, null without a limit. */
  readonly memory: number | null
  /** Processors, 0.5 is half of one. null without a limit. */
  readonly cpus: number | null
  /** Processes and threads, null or absent without a limit. */
  readonly pids?: number | null
}

export type LimitGroup = {
  /** Puts a process and its future children under the limits. @returns what the kernel refused */
  readonly enter: (pid: number) => readonly string[]
  readonly used: boolean
  /** What could not be limited, with the reason; empty when all is as asked. */
  readonly refused: readonly string[]
  readonly close: () => Promise<void>
}

const root = '/sys/fs/cgroup'
/** Docker's: the processor time is dealt out anew ten times a second. */
const periodUs = 100_000

/** Control groups for one container, version 2 or 1, as far as this machine lets us make them. */
export function openLimits(id: string, limits: Limits): LimitGroup {
  const dirs: string[] = []
  const refused: string[] = []
  const attempt = (what: string, set: () => void): void => {
    try {
      set()
    } catch (error) {
      refused.push(`${what} (${error instanceof Error ? error.message : String(error)})`)
    }
  }
  const group = (parent: string): string => {
    const dir = join(parent, `jettison-${id}`)
    if (!dirs.includes(dir)) {
      mkdirSync(dir, { recursive: true })
      dirs.push(dir)
    }
    return dir
  }
  const unified = existsSync(join(root, 'cgroup.controllers'))
  const { memory, cpus, pids = null } = limits
  if (memory !== null)
    attempt('memory', () =>
      unified
        ? writeUnified(group(root), 'memory', [['memory.max', String(memory)]])
        : writeFileSync(join(group(join(root, 'memory')), 'memory.limit_in_bytes'), String(memory)),
    )
  if (cpus !== null)
    attempt('cpus', () => {
      const quota = Math.round(cpus * periodUs)
      if (unified) return writeUnified(group(root), 'cpu', [['cpu.max', `${quota} ${periodUs}`]])
      const dir = group(join(root, 'cpu'))
      writeFileSync(join(dir, 'cpu.cfs_period_us'), String(periodUs))
      writeFileSync(join(dir, 'cpu.cfs_quota_us'), String(quota))
    })
  if (pids !== null)
    attempt('pids', () =>
      unified
        ? writeUnified(group(root), 'pids', [['pids.max', String(pids)]])
        : writeFileSync(join(group(join(root, 'pids')), 'pids.max'), String(pids)),
    )
  return {
    refused,
    used: dirs.length > 0,
    enter: (pid) => {
      const before = refused.length
      for (const dir of dirs)
        attempt(dir, () => writeFileSync(join(dir, 'cgroup.procs'), String(pid)))
      return refused.slice(before)
    },
    close: async () => {
      for (const dir of dirs) await removeGroup(dir)
    },
  }
}

function writeUnified(
  dir: string,
  controller: string,
  values: readonly (readonly [string, string])[],
): void {
  const delegate = join(root, 'cgroup.subtree_control')
  if (!readFileSync(delegate, 'utf8').split(/\s+/).includes(controller))
    writeFileSync(delegate, `+${controller}`)
  for (const [file, value] of values) writeFileSync(join(dir, file), value)
}

/** A group is busy until the kernel has buried the last of its processes, shortly after their end. */
async function removeGroup(dir: string): Promise<void> {
  for (let tries = 0; tries < 100; tries++) {
    try {
      rmdirSync(dir)
      return
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EBUSY') return
      await sleep(10)
    }
  }
}
