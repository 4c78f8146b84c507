import type { FileTree, ImageConfig, TreeEntry } from '../../image/index.ts'
import { realFile } from '../canonical.ts'
import { automaticPackages, finderIn } from '../packages/index.ts'
import type { Category, Link, Package, PackageDatabase } from '../types.ts'
import { analyzeImage } from './analyze-image.ts'
import { knowledgeOf } from './facts.ts'

/** Why a file or a package is in an image, and what needs it. */
export type Why = {
  readonly subject: 'file' | 'package'
  /** The path, or the package's name. */
  readonly name: string
  /** Where a link leads, when the path is one. */
  readonly target: string | null
  readonly bytes: number
  readonly files: number
  /** Purpose of most of its bytes. */
  readonly category: Pick<Category, 'id' | 'title' | 'ballast'>
  /** Layers that hold it, 0 = lowest. */
  readonly layers: readonly number[]
  readonly package: Pick<Package, 'manager' | 'name' | 'version'> | null
  /** From a package that somebody asked for to this one, each depending on the next; empty when nothing tells. */
  readonly because: readonly string[]
  /** Files that the running app loads and that link this (or a file of the package), `from -> needed`. */
  readonly neededBy: readonly string[]
  /** How many files of the running app were traced for that. */
  readonly traced: number
  /** True when the image starts it, or a file of it. */
  readonly started: boolean
}

/** @returns undefined when there is no such file and no such package */
export function explainInImage(
  { tree, config }: { readonly tree: FileTree; readonly config: ImageConfig },
  name: string,
): Why | undefined {
  const known = knowledgeOf(tree, config)
  const { database, closure } = known
  const sorted = new Map<string, { readonly entry: TreeEntry; readonly category: Category['id'] }>()
  const analysis = analyzeImage({
    tree,
    config,
    known,
    onFile: (entry, { category }) => sorted.set(entry.path, { entry, category }),
  })
  const owned = (wanted: Package): readonly string[] =>
    wanted.files.filter((path) => sorted.has(path))
  const real = name.startsWith('/') ? (realFile(tree, name) ?? name) : undefined
  const wanted =
    real === undefined
      ? analysis.packages.find((one) => one.name === name || one.name === name.toLowerCase())
      : (database?.ownerOf(real) ?? analysis.packages.find(({ files }) => files.includes(real)))
  if (real === undefined && !wanted) return undefined
  if (real !== undefined && !tree.lookup(real)) return undefined
  const paths = real === undefined ? owned(wanted as Package) : [real]
  const found = paths.flatMap((path) => sorted.get(path) ?? [])
  const categoryId = largest(found)
  const category = analysis.categories.find(({ id }) => id === categoryId)
  const set = new Set(paths)
  return {
    subject: real === undefined ? 'package' : 'file',
    name: real === undefined ? (wanted?.name ?? name) : name,
    target: real !== undefined && real !== name ? real : null,
    bytes: found.reduce((sum, { entry }) => sum + entry.size, 0),
    files: paths.length,
    category: {
      id: categoryId,
      title: category?.title ?? categoryId,
      ballast: category?.ballast ?? false,
    },
    layers: [...new Set(found.map(({ entry }) => entry.layer))].sort((a, b) => a - b),
    package: wanted
      ? { manager: wanted.manager, name: wanted.name, version: wanted.version }
      : null,
    because: wanted && database ? chainTo({ tree, config }, database, wanted) : [],
    neededBy: linkedFrom(closure.links, set),
    traced: closure.files.size,
    started: paths.some((path) => closure.started.has(path)),
  }
}

function largest(
  found: readonly { readonly entry: TreeEntry; readonly category: Category['id'] }[],
): Category['id'] {
  const sums = new Map<Category['id'], number>()
  for (const { entry, category } of found)
    sums.set(category, (sums.get(category) ?? 0) + entry.size)
  return [...sums].sort((a, b) => b[1] - a[1])[0]?.[0] ?? 'other'
}

function linkedFrom(links: readonly Link[], paths: ReadonlySet<string>): readonly string[] {
  return links
    .filter(({ from, found }) => found !== undefined && paths.has(found) && !paths.has(from))
    .map(({ from, needed }) => `${from} -> ${needed}`)
    .sort((a, b) => (a < b ? -1 : 1))
}

/** The shortest chain of dependencies from a package that was asked for. */
function chainTo(
  { tree, config }: { readonly tree: FileTree; readonly config: ImageConfig },
  database: PackageDatabase,
  wanted: Package,
): readonly string[] {
  const history = config.history.map(({ created_by }) => created_by ?? '')
  const automatic = automaticPackages(tree, database, history).names
  if (automatic.size === 0 || !database.packages.has(wanted.name)) return []
  const find = finderIn(database)
  const parents = new Map<string, string | null>()
  const queue = [...database.packages.keys()].filter((name) => !automatic.has(name))
  for (const name of queue) parents.set(name, null)
  for (const name of queue)
    for (const clause of database.packages.get(name)?.depends ?? [])
      for (const wish of clause) {
        const next = find(wish)?.name
        if (next === undefined || parents.has(next)) continue
        parents.set(next, name)
        queue.push(next)
      }
  const chain: string[] = []
  for (let at: string | null | undefined = wanted.name; at; at = parents.get(at)) chain.unshift(at)
  return parents.has(wanted.name) ? chain : []
}
