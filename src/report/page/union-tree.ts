import type { CategoryId } from '../../analysis/index.ts'
import type { FileWeight, PageFile, PageFolder, PageNode } from './types.ts'

type Leaf = {
  before: number
  after: number
  layerBefore: number
  layerAfter: number
  readonly category: CategoryId
  readonly what: string
}
type Folder = { readonly folders: Map<string, Folder>; readonly files: Map<string, Leaf> }

/** Share of the larger image below which a file is folded into its directory's rest. */
const smallest = 0.0001

/** Both images as one tree, and the origins that its files point to. */
export type UnionTree = { readonly tree: PageFolder; readonly owners: readonly string[] }

/**
 * Both images as one tree, so that what is gone keeps its place. Files below the threshold are folded per directory,
 * category and layer, and directories below it become one such fold: sums stay exact.
 * @param categories the ids that nodes point to by index
 */
export function unionTree(
  before: readonly FileWeight[],
  after: readonly FileWeight[],
  categories: readonly CategoryId[],
): UnionTree {
  const root: Folder = { folders: new Map(), files: new Map() }
  for (const file of before) {
    const leaf = leafOf(root, file)
    leaf.before += file.bytes
    leaf.layerBefore = file.layer
  }
  for (const file of after) {
    const leaf = leafOf(root, file)
    leaf.after += file.bytes
    leaf.layerAfter = file.layer
  }
  const total = (files: readonly FileWeight[]): number =>
    files.reduce((sum, { bytes }) => sum + bytes, 0)
  const owners = new Map<string, number>()
  const options: Options = {
    threshold: Math.max(1, Math.max(total(before), total(after)) * smallest),
    index: new Map(categories.map((id, at) => [id, at])),
    ownerOf: (what) => {
      const known = owners.get(what) ?? owners.size
      owners.set(what, known)
      return known
    },
  }
  const { node } = folded('/', root, options)
  return { tree: node, owners: [...owners.keys()] }
}

function leafOf(root: Folder, { path, category, what }: FileWeight): Leaf {
  const parts = path.split('/').slice(1)
  const name = parts.pop() ?? ''
  let folder = root
  for (const part of parts) {
    const next = folder.folders.get(part) ?? { folders: new Map(), files: new Map() }
    folder.folders.set(part, next)
    folder = next
  }
  const absent = { before: 0, after: 0, layerBefore: -1, layerAfter: -1 }
  const leaf = folder.files.get(name) ?? { ...absent, category, what }
  folder.files.set(name, leaf)
  return leaf
}

type Options = {
  readonly threshold: number
  readonly index: ReadonlyMap<CategoryId, number>
  readonly ownerOf: (what: string) => number
}

/** The small files of a directory in one category and layer, and how many they are. */
type Rest = { readonly name: string; readonly leaf: Leaf; count: number }

type Folded = { readonly node: PageFolder; readonly before: number; readonly after: number }

/** One directory as it is shown, from its files and from its directories, which are folded first. */
function folded(name: string, folder: Folder, options: Options): Folded {
  const children: { readonly node: PageNode; readonly weight: number }[] = []
  const rest = new Map<string, Rest>()
  const sums = { before: 0, after: 0 }
  for (const [child, inner] of folder.folders) {
    const { node, before, after } = folded(child, inner, options)
    sums.before += before
    sums.after += after
    const weight = Math.max(before, after)
    if (weight >= options.threshold) children.push({ node, weight })
    else for (const [path, leaf] of leavesOf(inner, child)) addTo(rest, path, leaf)
  }
  for (const [child, leaf] of folder.files) {
    sums.before += leaf.before
    sums.after += leaf.after
    const weight = Math.max(leaf.before, leaf.after)
    if (weight >= options.threshold) children.push({ node: fileOf(child, leaf, options), weight })
    else addTo(rest, child, leaf)
  }
  for (const { name: only, leaf, count } of rest.values()) {
    const weight = Math.max(leaf.before, leaf.after)
    const node = count === 1 ? fileOf(only, leaf, options) : manyOf(leaf, count, options)
    if (weight > 0) children.push({ node, weight })
  }
  children.sort((a, b) => b.weight - a.weight || (a.node[0] < b.node[0] ? -1 : 1))
  return { node: [name, children.map(({ node }) => node)], ...sums }
}

function addTo(rest: Map<string, Rest>, name: string, leaf: Leaf): void {
  const key = `${leaf.category} ${leaf.layerBefore} ${leaf.layerAfter}`
  const sum = rest.get(key)
  if (!sum) {
    rest.set(key, { name, leaf: { ...leaf }, count: 1 })
    return
  }
  sum.leaf.before += leaf.before
  sum.leaf.after += leaf.after
  sum.count += 1
}

function fileOf(name: string, leaf: Leaf, { index, ownerOf }: Options): PageFile {
  const category = index.get(leaf.category) ?? 0
  const { before, after, layerBefore, layerAfter } = leaf
  return [name, before, after, category, layerBefore, layerAfter, ownerOf(leaf.what)]
}

/** Small files together have no name and no one origin. */
function manyOf(leaf: Leaf, count: number, { index }: Options): PageFile {
  const category = index.get(leaf.category) ?? 0
  const { before, after, layerBefore, layerAfter } = leaf
  return ['', before, after, category, layerBefore, layerAfter, -1, count]
}

/** Every file below a folder, with its path from `name` on. */
function* leavesOf(folder: Folder, name: string): Iterable<readonly [string, Leaf]> {
  for (const [child, leaf] of folder.files) yield [`${name}/${child}`, leaf]
  for (const [child, inner] of folder.folders) yield* leavesOf(inner, `${name}/${child}`)
}
