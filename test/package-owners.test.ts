import { beforeAll, expect, test } from 'vitest'
import { orphansOf } from '../src/analysis/bytes/orphans.ts'
import { type PackageDatabase, readDpkg } from '../src/analysis/index.ts'
import { automaticPackages, isForBuilding } from '../src/analysis/packages/index.ts'
import type { FileTree } from '../src/image/index.ts'
import { openStore } from '../src/store/index.ts'
import { storeWithBases } from './support/bases.ts'
import type { Cli } from './support/jettison.ts'

/** Every file that dpkg lists in a fat image, and the packages that dpkg names as its owners when it runs there. */

const reference = 'python:3.11'

let jettison: Cli
let tree: FileTree
let database: PackageDatabase
/** Packages by listed path, as `dpkg -S` says; directories that hold listed files are left out. */
let owners: ReadonlyMap<string, readonly string[]>
let diverted: readonly string[]

const inside = (script: string): Promise<string> =>
  jettison.ok(['run', '--rm', '--network', 'none', reference, 'sh', '-c', script])

beforeAll(async () => {
  jettison = storeWithBases([reference])
  const store = openStore(jettison.store)
  const image = store.findImage(reference)
  const found = image && readDpkg(store.tree(image.layers))
  if (!image || !found) throw new Error(`no packages in ${reference}`)
  tree = store.tree(image.layers)
  database = found
  const lines = (await inside(listing)).split('\n')
  diverted = lines.flatMap((line) => /^diversion by \S+ from: (.*)$/.exec(line)?.[1] ?? [])
  const named = lines
    .filter((line) => !line.startsWith('diversion '))
    .map((line) => line.split(/: (?=\/)/))
    .map(([names = '', path = '']) => [path, names.replace(/:\w+/g, '').split(', ')] as const)
  const parents = new Set(named.map(([path]) => path.slice(0, path.lastIndexOf('/'))))
  owners = new Map(named.filter(([path]) => path !== '' && !parents.has(path)))
})

/** dpkg -S takes patterns: what a name has of their signs is escaped. It fails for a path that is diverted away. */
const listing = `cat /var/lib/dpkg/info/*.list | sort -u | sed 's/[][*?\\\\]/\\\\&/g' | tr '\\n' '\\0' |
  xargs -0 -n 2000 dpkg-query -S 2>/dev/null || :`

test('the owner of every file is one that dpkg names', () => {
  const files = [...owners].filter(([path]) => /file|symlink/.test(tree.lookup(path)?.kind ?? ''))
  const wrong = files
    .map(([path, names]) => ({ path, names, found: database.ownerOf(path)?.name ?? 'nobody' }))
    .filter(({ names, found }) => !names.includes(found))
  expect(wrong).toEqual([])
  expect(files.length).toBeGreaterThan(1000)
  expect(diverted.length).toBeGreaterThan(0)
})

test('what dpkg lists nowhere has no owner', () => {
  const files = [...tree.walk()].filter(({ kind }) => kind === 'file')
  // Lists of a merged /usr name some files without it.
  const isListed = (path: string): boolean =>
    owners.has(path) || owners.has(path.replace(/^\/usr/, ''))
  const wrong = files
    .map(({ path }) => ({ path, owner: database.ownerOf(path)?.name }))
    .filter(({ path, owner }) => (owner !== undefined) !== isListed(path))
  expect(wrong).toEqual([])
})

test('what apt installed by itself is what apt-mark says', async () => {
  const told = (await inside('apt-mark showauto')).trim().split('\n')
  expect(told.length).toBeGreaterThan(1)
  const { names, recorded } = automaticPackages(tree, database, [])
  expect(recorded).toBe(true)
  const installed = [...names].filter((name) => database.packages.has(name))
  expect(new Set(installed)).toEqual(new Set(told.map((name) => name.replace(/:\w+$/, ''))))
})

test('what leaves with the build packages is what apt would remove when nobody wants those', async () => {
  const building = [...database.packages.values()].filter(
    (one) => isForBuilding(one) && one.priority !== 'important',
  )
  const told = await inside(
    `apt-mark auto ${building.map(({ name }) => name).join(' ')} >/dev/null &&
     apt-get -s -o APT::AutoRemove::RecommendsImportant=true \\
       -o APT::AutoRemove::SuggestsImportant=false autoremove`,
  )
  const removed = [...told.matchAll(/^Remv ([^\s:]+)/gm)].map(([, name]) => name)
  expect(removed.length).toBeGreaterThan(building.length)
  const orphans = [...orphansOf(tree, database, new Set(), []).keys()]
  expect(new Set(orphans)).toEqual(new Set(removed))
})
