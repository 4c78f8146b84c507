import type { PageData, PageFile, PageFolder, PageNode } from './data.ts'
import type { LayerRef, Side, State } from './state.ts'

export type Node = {
  /** As it is shown; `path` is what tells nodes apart. */
  readonly name: string
  readonly path: string
  readonly before: number
  readonly after: number
  /** Of a file: index of its category, the layers that bring it (-1: not there), and its origin (-1: several). */
  readonly category: number
  readonly layers: Readonly<Record<LayerRef['side'], number>>
  readonly owner: number
  /** How many files it stands for; a folder's are those below it. */
  readonly count: number
  readonly children: readonly Node[]
}

/** The tree with paths and sums; built once. */
export function treeOf(root: PageFolder): Node {
  return folder(root, '/')
}

function folder([name, children]: PageFolder, path: string): Node {
  const under = path === '/' ? '' : path
  return folderOf(
    { name, path },
    children.map((child, index) =>
      isFolder(child) ? folder(child, `${under}/${child[0]}`) : file(child, under, index),
    ),
  )
}

function file(raw: PageFile, under: string, index: number): Node {
  const [name, before, after, category, layerBefore, layerAfter, owner, count] = raw
  const place =
    count === undefined
      ? { name, path: `${under}/${name}` }
      : // No file has a null byte in its name, so this path is nobody else's.
        { name: `(${count} small files)`, path: `${under}/\0${index}` }
  return {
    ...{ ...place, before, after, category, owner },
    layers: { before: layerBefore, after: layerAfter },
    ...{ count: count ?? 1, children: [] },
  }
}

function isFolder(node: PageNode): node is PageFolder {
  return node.length === 2
}

function folderOf(place: Pick<Node, 'name' | 'path'>, children: readonly Node[]): Node {
  const sum = (field: 'before' | 'after' | 'count'): number =>
    children.reduce((total, child) => total + child[field], 0)
  const nothing = { category: 0, owner: -1, layers: { before: -1, after: -1 } }
  const sums = { before: sum('before'), after: sum('after'), count: sum('count') }
  return { ...place, ...nothing, ...sums, children }
}

export function isOpenable(node: Node): boolean {
  return node.children.length > 0
}

/** The bytes of a node on the chosen side; on both, the larger, which is where the map has its place. */
export function weightOn(node: Node, side: Side): number {
  if (side === 'before') return node.before
  return side === 'after' ? node.after : Math.max(node.before, node.after)
}

/** The folder at a path, or the nearest one above it. */
export function findNode(root: Node, path: string): Node {
  let node = root
  for (;;) {
    const next = node.children.find(
      (child) => isOpenable(child) && (path === child.path || path.startsWith(`${child.path}/`)),
    )
    if (!next) return node
    node = next
  }
}

/** Only what the search and the selected layer leave; directories with nothing left are gone. */
export function filterNode(
  node: Node,
  state: Pick<State, 'search' | 'layer'>,
  owners: PageData['owners'],
): Node | null {
  const { layer } = state
  if (state.search === '' && layer === null) return node
  const wanted = state.search.toLowerCase()
  const says = (one: Node): boolean =>
    wanted === '' ||
    one.name.toLowerCase().includes(wanted) ||
    (owners[one.owner]?.toLowerCase().includes(wanted) ?? false)
  const keep = (one: Node, matched: boolean): Node | null => {
    const hit = matched || says(one)
    if (!isOpenable(one))
      return hit && (layer === null || one.layers[layer.side] === layer.index) ? one : null
    const children = one.children.flatMap(
      (child) => keep(child, hit && wanted !== '' && one.path !== '/') ?? [],
    )
    return children.length === 0 ? null : folderOf(one, children)
  }
  return keep(node, false)
}

/** Bytes by category index, before and after, of all that is below a node. */
export function categorySums(node: Node): ReadonlyMap<number, readonly [number, number]> {
  const known = sums.get(node)
  if (known) return known
  const out = new Map<number, readonly [number, number]>()
  const add = (category: number, before: number, after: number): void => {
    const [b, a] = out.get(category) ?? [0, 0]
    out.set(category, [b + before, a + after])
  }
  if (!isOpenable(node)) add(node.category, node.before, node.after)
  for (const child of node.children)
    for (const [category, [before, after]] of categorySums(child)) add(category, before, after)
  sums.set(node, out)
  return out
}

const sums = new WeakMap<Node, ReadonlyMap<number, readonly [number, number]>>()
