import type { FileTree } from '../../image/index.ts'
import { textAt } from '../text.ts'
import type { PackageDatabase } from '../types.ts'
import { automaticInApk } from './apk.ts'
import { stanzas } from './control.ts'
import { isForBuilding } from './kind.ts'
import { reachableFrom } from './reachable.ts'
import { automaticInRpm } from './rpm/index.ts'

/** Which packages came for the sake of others only. */
export type Automatic = {
  readonly names: ReadonlySet<string>
  /** True when the package manager keeps a record; else it is concluded from dependencies. */
  readonly recorded: boolean
}

/**
 * What apt, apk, dnf or zypper have recorded about how a package came. Where there is no record (roots made by hand,
 * distroless images), a package came by itself when build tools depend on it and no line of the history, nor any of apt's
 * log, installs it.
 * @param history what made the layers: the `created_by` of the configuration
 */
export function automaticPackages(
  tree: FileTree,
  database: PackageDatabase,
  history: readonly string[],
): Automatic {
  const manager = [...database.packages.values()][0]?.manager
  const names =
    manager === 'dpkg'
      ? automaticInApt(tree)
      : manager === 'apk'
        ? automaticInApk(tree, database)
        : automaticInRpm(tree, database)
  if (names) return { names, recorded: true }
  return { names: concluded(database, [...history, ...commandsOfApt(tree)]), recorded: false }
}

const fields: ReadonlySet<string> = new Set(['Package', 'Auto-Installed'])

function automaticInApt(tree: FileTree): ReadonlySet<string> | undefined {
  const text = textAt(tree, '/var/lib/apt/extended_states')
  if (text === undefined) return undefined
  const out = new Set<string>()
  for (const stanza of stanzas(text, fields)) {
    const name = stanza.get('Package')
    if (name !== undefined && stanza.get('Auto-Installed') === '1') out.add(name)
  }
  return out
}

/** apt's log has the command lines, as long as nobody has emptied it. */
function commandsOfApt(tree: FileTree): readonly string[] {
  const log = textAt(tree, '/var/log/apt/history.log') ?? ''
  return [...log.matchAll(/^Commandline: (.*)$/gm)].flatMap(([, command]) => command ?? [])
}

function concluded(database: PackageDatabase, history: readonly string[]): ReadonlySet<string> {
  const building = [...database.packages.values()].filter(isForBuilding)
  const asked = new Set(history.flatMap(installedIn))
  const brought = [...reachableFrom(database, building)].filter((one) => !building.includes(one))
  return new Set(brought.map(({ name }) => name).filter((name) => !asked.has(name)))
}

/** Words of `apt-get install a b`, `dnf -y install c` or `apk add d`: names among them, and more that does no harm. */
function installedIn(line: string): readonly string[] {
  return [...line.matchAll(/\b(?:install|add)\b([^;&|]*)/g)].flatMap(([, words = '']) =>
    words.split(/\s+/).map((word) => word.replace(/[=:].*$/, '')),
  )
}
