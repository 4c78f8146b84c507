import { readElfAt } from '../../analysis/index.ts'
import type { FileTree, TreeEntry } from '../../image/index.ts'
import type { RoledRun } from './types.ts'

/** Written by package scripts and account tools; the runtime's own RUNs write theirs. */
const always =
  /^\/etc\/(?:alternatives\/|ld\.so\.cache$|(?:passwd|group|shadow|gshadow|subuid|subgid)-?$|\.pwd\.lock$|apt\/)/

/** Directories of the system's packages. */
const ofPackages = /^\/(?:etc|usr(?!\/(?:local|src)\/)|lib\w*|s?bin)\//

/**
 * Tells what a RUN made from what installing packages in the same RUN left besides the packages' own files: caches,
 * indexes, alternatives. There, only programs and libraries count as made.
 */
export function madeBy(run: RoledRun, tree: FileTree): (entry: TreeEntry) => boolean {
  const installs = run.commands?.some((one) => installsPackages(one.command)) ?? true
  return (entry) => {
    if (always.test(entry.path) || entry.link?.startsWith('/etc/alternatives/')) return false
    if (!installs || !ofPackages.test(entry.path)) return true
    return entry.kind === 'file' && readElfAt(tree, entry.path) !== undefined
  }
}

type Command = NonNullable<RoledRun['commands']>[number]['command']

function installsPackages({ system, inner }: Command): boolean {
  return system?.kind === 'install' || system?.kind === 'upgrade' || inner.some(installsPackages)
}
