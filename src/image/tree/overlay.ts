import { Fault } from '../../base/index.ts'
import { byCodeUnit } from '../path-bytes.ts'
import type { FileTree, TreeEntry } from './entry.ts'

/** What one layer says about a path: an entry, or that the lower layers' entry is gone. */
export type LayerNode = Omit<TreeEntry, 'layer' | 'path'> | 'whiteout'

/** One layer as overlayfs sees it. Paths as in `TreeEntry`; no symlink is followed. */
export interface LayerView {
  node(path: string): LayerNode | undefined
  /** Names in a directory of this layer, any order, whiteouts included; empty when it is none. */
  names(path: string): readonly string[]
  /** True for a directory that hides the lower layers' content. */
  opaque(path: string): boolean
  read(path: string, part?: { readonly offset: number; readonly length: number }): Uint8Array
  xattrs(path: string): ReadonlyMap<string, Uint8Array> | undefined
}

/** A visible entry and, for a directory, the layers whose directories are merged in it, highest first. */
type Merged = { readonly entry: TreeEntry; readonly stack: readonly number[] }

/**
 * Layers merged as the kernel does (Documentation/filesystems/overlayfs.rst), lowest first. Lookups are lazy and
 * remembered: the layers must not change while the tree is used.
 */
export function overlayTree(layers: readonly LayerView[]): FileTree {
  const known = new Map<string, Merged | undefined>()
  const all = layers.map((_, index) => layers.length - 1 - index)
  const root = rootOf(layers, all)
  known.set('/', { entry: root, stack: all })

  const find = (path: string): Merged | undefined => {
    if (known.has(path)) return known.get(path)
    const slash = path.lastIndexOf('/')
    const parent = slash < 0 ? undefined : find(slash === 0 ? '/' : path.slice(0, slash))
    const merged = parent && slash < path.length - 1 ? merge(layers, parent.stack, path) : undefined
    known.set(path, merged)
    return merged
  }
  const children = (path: string, stack: readonly number[]): string[] => {
    const holders = new Map<string, number[]>()
    for (const index of stack)
      for (const name of layers[index]?.names(path) ?? []) {
        const holding = holders.get(name)
        if (holding) holding.push(index)
        else holders.set(name, [index])
      }
    // Only the layers that hold the name are asked: most names are in one.
    for (const [name, holding] of holders) {
      const child = join(path, name)
      if (!known.has(child)) known.set(child, merge(layers, holding, child))
    }
    return [...holders.keys()].filter((name) => known.get(join(path, name))).sort(byCodeUnit)
  }
  function* walk(): Generator<TreeEntry, void, undefined> {
    const pending = ['/']
    for (let path = pending.pop(); path !== undefined; path = pending.pop()) {
      const merged = find(path)
      if (!merged) continue
      yield merged.entry
      if (merged.entry.kind !== 'dir') continue
      for (const name of children(path, merged.stack).reverse()) pending.push(join(path, name))
    }
  }
  const layerOf = (path: string): LayerView | undefined => {
    const merged = find(path)
    return merged && layers[merged.entry.layer]
  }
  return {
    layerCount: layers.length,
    lookup: (path) => find(path)?.entry,
    readdir: (path) => {
      const merged = find(path)
      return merged?.entry.kind === 'dir' ? children(path, merged.stack) : []
    },
    read: (path, part) => {
      const layer = find(path)?.entry.kind === 'file' ? layerOf(path) : undefined
      if (!layer) throw new Fault('TREE_NOT_A_FILE', `not a regular file in the image: ${path}`)
      return layer.read(path, part)
    },
    walk,
    xattrs: (path) => layerOf(path)?.xattrs(path),
  }
}

function merge(
  layers: readonly LayerView[],
  parents: readonly number[],
  path: string,
): Merged | undefined {
  let entry: TreeEntry | undefined
  const stack: number[] = []
  for (const index of parents) {
    const node = layers[index]?.node(path)
    if (node === undefined) continue
    if (node === 'whiteout') break
    if (!entry) entry = { path, ...node, layer: index }
    if (node.kind !== 'dir' || entry.kind !== 'dir') break
    stack.push(index)
    if (layers[index]?.opaque(path)) break
  }
  return entry && { entry, stack }
}

/** The kernel takes the root's attributes from the highest layer. */
function rootOf(layers: readonly LayerView[], highestFirst: readonly number[]): TreeEntry {
  for (const index of highestFirst) {
    const node = layers[index]?.node('/')
    if (node && node !== 'whiteout') return { path: '/', ...node, layer: index }
  }
  return { path: '/', kind: 'dir', mode: 0o755, uid: 0, gid: 0, size: 0, mtime: 0, layer: 0 }
}

function join(parent: string, name: string): string {
  return parent === '/' ? `/${name}` : `${parent}/${name}`
}
