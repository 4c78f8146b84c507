import { readResolved, type TreeEntry } from '../../image/index.ts'
import type { Side } from '../side.ts'

const groupWrite = 0o020

/**
 * True when two directories differ only in what members of the group root may write, and the image runs as nobody for
 * whom that counts: root itself, or a user of another group. COPY makes the directory that it copies into anew, with
 * 0755, where a context that was checked out with umask 002 has 0775.
 */
export function sameForUser(entry: TreeEntry, other: TreeEntry, side: Side): boolean {
  if (entry.kind !== 'dir' || other.kind !== 'dir') return false
  const ofRoot = [entry.uid, entry.gid, other.uid, other.gid].every((id) => id === 0)
  const bits = (entry.mode ^ other.mode) & ~groupWrite
  return ofRoot && bits === 0 && !isOfGroupRoot(side)
}

/** `USER 1001` without an account has the group 0; an account has its own; root may write whatever the mode says. */
function isOfGroupRoot({ config, tree }: Side): boolean {
  const [user = '', group] = (config.User ?? '').split(':')
  if (user === '' || user === 'root' || user === '0') return false
  if (group !== undefined) return group === '0' || group === 'root'
  const text = readResolved(tree, '/etc/passwd')
  const lines = text === undefined ? [] : new TextDecoder().decode(text).split('\n')
  const account = lines
    .map((line) => line.split(':'))
    .find(([name, , id]) => name === user || id === user)
  return account === undefined || account[3] === '0'
}
