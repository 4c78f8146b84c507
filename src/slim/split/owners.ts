import { type FileTree, readResolved } from '../../image/index.ts'
import type { RunCommand } from '../facts/index.ts'
import type { PlanInput } from '../types.ts'
import { shellWord } from './literal.ts'
import type { Places } from './places.ts'
import type { RoledRun } from './types.ts'

/** Owners as COPY's `--chown` says them, null for root, who owns what COPY brings. */
export type Owners = (path: string) => string | null

/** Names of the lean base where it has the account, else numbers. */
export function ownersOf({ fatTree, leanBaseTree }: PlanInput): Owners {
  const users = namesOf(leanBaseTree, '/etc/passwd')
  const groups = namesOf(leanBaseTree, '/etc/group')
  return (path) => {
    const entry = fatTree.lookup(path)
    if (!entry || (entry.uid === 0 && entry.gid === 0)) return null
    const user = users.get(entry.uid) ?? String(entry.uid)
    return `${user}:${groups.get(entry.gid) ?? String(entry.gid)}`
  }
}

/** `chown -R`: done again in the runtime, it would store every file a second time. */
export function changesOwners({ name, words, plain }: RunCommand): boolean {
  return (
    name === 'chown' && plain && words.some(({ text }) => /^(?:-\w*R\w*|--recursive)$/.test(text))
  )
}

/** True for a RUN that changes owners of whole directories. */
export function isOwnerRun(run: RoledRun | undefined): boolean {
  return (run?.commands ?? []).some(({ command }) => changesOwners(command))
}

/**
 * The RUN that gives directories of the runtime their owner: those that COPY does not make itself, because WORKDIR has
 * or because only a part of what they hold is copied.
 * @param layer the layer of the fat image that changed their owner
 * @param workdirs directories that a WORKDIR makes
 */
export function directoryOwners(
  tree: FileTree,
  layer: number,
  { directories, files }: Places,
  { owners, workdirs }: { readonly owners: Owners; readonly workdirs: ReadonlySet<string> },
): readonly string[] {
  const parents = new Set<string>(directories.filter((dir) => workdirs.has(dir)))
  for (const path of [...directories, ...files])
    for (let dir = parentOf(path); dir !== ''; dir = parentOf(dir)) parents.add(dir)
  const byOwner = new Map<string, string[]>()
  for (const dir of [...parents].sort((a, b) => (a < b ? -1 : 1))) {
    const owner = tree.lookup(dir)?.layer === layer ? owners(dir) : null
    if (owner !== null) byOwner.set(owner, [...(byOwner.get(owner) ?? []), dir])
  }
  return [...byOwner].map(([owner, dirs]) => `RUN chown ${owner} ${dirs.map(shellWord).join(' ')}`)
}

function parentOf(path: string): string {
  return path.slice(0, path.lastIndexOf('/'))
}

/** Names by number, from passwd(5) or group(5). */
function namesOf(tree: FileTree | undefined, path: string): ReadonlyMap<number, string> {
  const bytes = tree === undefined ? undefined : readResolved(tree, path)
  const lines = bytes === undefined ? [] : new TextDecoder().decode(bytes).split('\n')
  return new Map(
    lines
      .map((line) => line.split(':'))
      .filter(([name, , id]) => name !== undefined && /^\d+$/.test(id ?? ''))
      .map(([name = '', , id]) => [Number(id), name]),
  )
}
