import { lstatSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { Fault } from '../base/index.ts'
import { diskPath } from '../image/index.ts'
import { folderOf, type StoreContext } from './context.ts'
import { errnoOf, onDisk } from './disk-fault.ts'
import { readNames } from './layer-scan.ts'
import { runSync } from './run-sync.ts'

/**
 * Unlinks what was moved to the trash. Late and in one go, because ext4 makes new files several times slower for
 * minutes after many were deleted. A mount that somebody left in there is never entered (GHSA-32pv): it stays.
 */
export function emptyTrash(context: StoreContext): { readonly bytes: number } {
  const trash = folderOf(context, 'trash')
  const items = readdirSync(trash)
  if (items.length === 0) return { bytes: 0 }
  const mounts = mountPoints()
  let bytes = 0
  for (const item of items) {
    const path = join(trash, item)
    if (mounts.some((mount) => mount === path || mount.startsWith(`${path}/`))) continue
    bytes += usage(path)
    // An old record, which builds leave one of: starting rm would take longer than they do for all else that they write.
    if (unlinked(path)) continue
    // Not rmSync: a RUN can make a tree that is too deep for absolute paths, which only rm's openat gets through.
    const { status, stderr, error } = runSync('rm', ['-rf', '--', path])
    // Another process may be emptying it too.
    if (status !== 0 && lstatSync(path, { throwIfNoEntry: false }))
      throw new Fault(
        'STORE_IO',
        `cannot empty the trash: ${error?.message ?? String(stderr).trim()}`,
      )
  }
  return { bytes }
}

/** Whether it was no directory, or is gone. */
function unlinked(path: string): boolean {
  const stats = lstatSync(path, { throwIfNoEntry: false })
  if (stats?.isDirectory()) return false
  return onDisk('empty the trash', () => {
    rmSync(path, { force: true })
    return true
  })
}

/**
 * Bytes that unlinking frees: those of inodes with no other name. What lies too deep to be seen, or is being unlinked by
 * another process, is not counted.
 */
function usage(path: string): number {
  if (path.length > 4000) return 0
  const stats = lstatSync(diskPath(path), { throwIfNoEntry: false })
  if (!stats) return 0
  if (!stats.isDirectory()) return stats.nlink === 1 ? stats.blocks * 512 : 0
  let sum = stats.blocks * 512
  for (const name of namesIn(path)) sum += usage(`${path}/${name}`)
  return sum
}

function namesIn(path: string): readonly string[] {
  try {
    return readNames(diskPath(path))
  } catch (error) {
    if (errnoOf(error) === 'ENOENT') return []
    throw error
  }
}

/** proc_pid_mountinfo(5), field 5; blanks are octal there. */
function mountPoints(): string[] {
  return readFileSync('/proc/self/mountinfo', 'utf8')
    .split('\n')
    .flatMap((line) => line.split(' ')[4] ?? [])
    .map((text) =>
      text.replace(/\\([0-7]{3})/g, (_, digits: string) =>
        String.fromCharCode(Number.parseInt(digits, 8)),
      ),
    )
}
