import type { FileTree } from '../../image/index.ts'
import { type Canonical, canonicalIn } from '../canonical.ts'
import { textAt } from '../text.ts'
import type { Package, PackageDatabase } from '../types.ts'
import { databaseOf } from './ownership.ts'
import { finderIn } from './reachable.ts'

/** Where apk keeps its database: the classic place first, then that of merged-/usr systems. */
const places: readonly string[] = ['/lib/apk/db/installed', '/usr/lib/apk/db/installed']

/** Alpine's installed packages (apk-installed(5)). @returns undefined when there is no apk database */
export function readApk(tree: FileTree): PackageDatabase | undefined {
  const text = places.map((place) => textAt(tree, place)).find((found) => found !== undefined)
  if (text === undefined) return undefined
  const canonical = canonicalIn(tree)
  const packages = new Map<string, Package>()
  for (const record of text.split(/\n{2,}/)) {
    const one = packageOf(record, canonical)
    if (one) packages.set(one.name, one)
  }
  return databaseOf(tree, canonical, packages)
}

/** `F:` names a directory for the `R:` files after it; both are relative to the root. */
function packageOf(record: string, canonical: Canonical): Package | undefined {
  const fields = new Map<string, string>()
  const files: string[] = []
  let dir = ''
  for (const line of record.split('\n')) {
    const key = line.slice(0, 2)
    const value = line.slice(2)
    if (key === 'F:') dir = value
    else if (key === 'R:') files.push(canonical(`/${dir === '' ? '' : `${dir}/`}${value}`))
    else if (!fields.has(key)) fields.set(key, value)
  }
  const name = fields.get('P:')
  if (!name) return undefined
  const arch = fields.get('A:')
  const source = fields.get('o:')
  const installIf = words(fields.get('i:'))
  return {
    manager: 'apk',
    name,
    version: fields.get('V:') ?? '',
    ...(arch === undefined ? {} : { arch }),
    ...(source === undefined ? {} : { source }),
    depends: words(fields.get('D:'))
      .filter((word) => !word.startsWith('!'))
      .map((word) => [word]),
    provides: words(fields.get('p:')),
    ...(installIf.length === 0 ? {} : { installIf }),
    files,
  }
}

/** Names of a dependency or provides field without version conditions: `so:libc.musl-x86_64.so.1=1`. */
function words(text: string | undefined): readonly string[] {
  return (text ?? '')
    .split(' ')
    .filter(Boolean)
    .map((word) => word.replace(/[<>=~@].*$/, ''))
}

/**
 * Names of the packages that nobody asked for: what `world` does not name, itself or by what it provides.
 * @returns undefined where there is no `world`
 */
export function automaticInApk(
  tree: FileTree,
  database: PackageDatabase,
): ReadonlySet<string> | undefined {
  const world = textAt(tree, '/etc/apk/world')
  if (world === undefined) return undefined
  const find = finderIn(database)
  const asked = new Set(
    words(world.replace(/\s+/g, ' '))
      .filter((word) => !word.startsWith('!'))
      .map((word) => find(word)?.name),
  )
  const names = [...database.packages.values()].map(({ name }) => name)
  return new Set(names.filter((name) => !asked.has(name)))
}
