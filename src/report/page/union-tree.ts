import type { CategoryId } from '../../analysis/index.ts'
import type { FileWeight, PageNode } from './types.ts'

type Leaf = { before: number; after: number; category: CategoryId; layer: number }
type Folder = { readonly folders: Map<string, Folder>; readonly files: Map<string, Leaf> }

/** Share of the larger image below which a file is folded into its directory's rest. */
const smallest = 0.0001

/**
 * Both images as one tree, so that what is gone keeps its place. Files below the threshold are folded per directory
 * and category, and directories below it become one such fold: sums stay exact.
 * @param categories the ids that nodes point to by index
 */
export function unionTree(
  before: readonly FileWeight[],
  after: readonly FileWeight[],
  categories: readonly CategoryId[],
): PageNode {
  const root: Folder = { folders: new Map(), files: new Map() }
  for (const file of before) leafOf(root, file).before += file.bytes
  for (const file of after) leafOf(root, file).after += file.bytes
  const total = (files: readonly FileWeight[]): number =>
    files.reduce((sum, { bytes }) => sum + bytes, 0)
  const threshold = Math.max(total(before), total(after)) * smallest
  const index = new Map(categories.map((id, at) => [id, at]))
  return nodeOf('/', root, { threshold, index })
}

function leafOf(root: Folder, { path, category, layer }: FileWeight): Leaf {
  const parts = path.split('/').slice(1)
  const name = parts.pop() ?? ''
  let folder = root
  for (const part of parts) {
    const next = folder.folders.get(part) ?? { folders: new Map(), files: new Map() }
    folder.folders.set(part, next)
    folder = next
  }
  const leaf = folder.files.get(name) ?? { before: 0, after: 0, category, layer }
  folder.files.set(name, leaf)
  return leaf
}

type Options = { readonly threshold: number; readonly index: ReadonlyMap<CategoryId, number> }

function nodeOf(name: string, folder: Folder, options: Options): PageNode {
  const children: PageNode[] = []
  const rest = new Map<CategoryId, { leaf: Leaf; count: number }>()
  const fold = (leaf: Leaf): void => {
    const sum = rest.get(leaf.category) ?? { leaf: { ...leaf, before: 0, after: 0 }, count: 0 }
    sum.leaf.before += leaf.before
    sum.leaf.after += leaf.after
    sum.count += 1
    rest.set(leaf.category, sum)
  }
  for (const [child, inner] of folder.folders) {
    const leaves = leavesOf(inner)
    const big = Math.max(sumOf(leaves, 'before'), sumOf(leaves, 'after')) >= options.threshold
    if (big) children.push(nodeOf(child, inner, options))
    else leaves.forEach(fold)
  }
  for (const [child, leaf] of folder.files) {
    if (Math.max(leaf.before, leaf.after) >= options.threshold)
      children.push(leafNode(child, leaf, options))
    else fold(leaf)
  }
  for (const { leaf, count } of rest.values())
    children.push(
      leafNode(count === 1 ? '(1 small file)' : `(${count} small files)`, leaf, options),
    )
  children.sort((a, b) => weight(b) - weight(a) || (a[0] < b[0] ? -1 : 1))
  const sum = (at: 1 | 2): number => children.reduce((total, child) => total + child[at], 0)
  const largest = children[0]
  return [name, sum(1), sum(2), largest?.[3] ?? 0, largest?.[4] ?? 0, children]
}

function leafNode(name: string, leaf: Leaf, { index }: Options): PageNode {
  return [name, leaf.before, leaf.after, index.get(leaf.category) ?? 0, leaf.layer]
}

function leavesOf(folder: Folder): readonly Leaf[] {
  return [...folder.files.values(), ...[...folder.folders.values()].flatMap(leavesOf)]
}

function sumOf(leaves: readonly Leaf[], side: 'before' | 'after'): number {
  return leaves.reduce((sum, leaf) => sum + leaf[side], 0)
}

function weight(node: PageNode): number {
  return Math.max(node[1], node[2])
}
