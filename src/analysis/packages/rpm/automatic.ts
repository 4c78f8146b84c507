import type { FileTree } from '../../../image/index.ts'
import { textAt } from '../../text.ts'
import type { PackageDatabase } from '../../types.ts'
import { recordsAt } from './table.ts'

/** How a package came, by `name.arch`. */
type Reasons = ReadonlyMap<string, 'dependency' | 'asked'>

/**
 * Names of the packages that nobody asked for, as dnf 5, dnf 4 (with yum and microdnf of RHEL 8 and newer) or zypper
 * have recorded it. One that they do not know, because rpm installed it, counts as asked for.
 * @returns undefined where nothing is recorded about any installed package
 */
export function automaticInRpm(
  tree: FileTree,
  database: PackageDatabase,
): ReadonlySet<string> | undefined {
  const reasons = inStateOfDnf5(tree) ?? inHistoryOfDnf4(tree)
  const all = [...database.packages.values()]
  const keyed = all.map((one) => [one.name, reasons?.get(`${one.name}.${one.arch ?? ''}`)] as const)
  if (reasons && keyed.some(([, reason]) => reason !== undefined)) {
    const asked = new Set(keyed.flatMap(([name, reason]) => (reason === 'dependency' ? [] : name)))
    return new Set(keyed.map(([name]) => name).filter((name) => !asked.has(name)))
  }
  const listed = textAt(tree, '/var/lib/zypp/AutoInstalled')
  if (listed === undefined) return undefined
  return new Set(listed.split('\n').filter((line) => line !== '' && !line.startsWith('#')))
}

const stateFolders: readonly string[] = ['/usr/lib/sysimage/libdnf5', '/var/lib/dnf/system']

/** `packages.toml` says why by `name.arch`; what came with a group is named in `groups.toml`, and was asked for. */
function inStateOfDnf5(tree: FileTree): Reasons | undefined {
  for (const folder of stateFolders) {
    const text = textAt(tree, `${folder}/packages.toml`)
    if (text === undefined) continue
    const groups = textAt(tree, `${folder}/groups.toml`) ?? ''
    const grouped = new Set([...groups.matchAll(/"([^"]+)"/g)].map(([, name]) => name))
    const out = new Map<string, 'dependency' | 'asked'>()
    for (const [, key = '', reason = ''] of text.matchAll(entry)) {
      const came = /dependency$/i.test(reason) && !grouped.has(key.replace(/\.[^.]+$/, ''))
      out.set(key, came ? 'dependency' : 'asked')
    }
    return out
  }
  return undefined
}

/** A table in one line, `"bash.x86_64" = {reason = "User"}`, or with a header, `[packages."bash.x86_64"]`. */
const entry =
  /(?:^\s*|^\[packages\.)["']?([^\s"'=\]]+)["']?\]?\s*(?:=\s*\{)?\s*reason\s*=\s*["']([^"']*)/gm

/** `TransactionItemAction`: the other half of an update, and what it leaves behind. */
const halves: ReadonlySet<unknown> = new Set([3, 5, 7, 10])
const removed = 8
/** `TransactionItemReason`: dependency, weak dependency. */
const dependencies: ReadonlySet<unknown> = new Set([1, 4])

/** The last step that concerned a package decides (libdnf's create_tables.sql, whose columns have changed over time). */
function inHistoryOfDnf4(tree: FileTree): Reasons | undefined {
  const path = '/var/lib/dnf/history.sqlite'
  const [items, steps] = [recordsAt(tree, path, 'rpm'), recordsAt(tree, path, 'trans_item')]
  if (!items || !steps) return undefined
  const names = new Map(
    items.map((one) => [one.get('item_id'), `${one.get('name')}.${one.get('arch')}`]),
  )
  const out = new Map<string, 'dependency' | 'asked'>()
  for (const step of steps) {
    const [name, action] = [names.get(step.get('item_id')), step.get('action')]
    if (name === undefined || halves.has(action)) continue
    if (action === removed) out.delete(name)
    else out.set(name, dependencies.has(step.get('reason')) ? 'dependency' : 'asked')
  }
  return out
}
