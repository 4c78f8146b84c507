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
  const listed = new Map<string, readonly string[]>()
  const children = (path: string, stack: readonly number[]): readonly string[] => {
    const before = listed.get(path)
    if (before) return before
    const names = visibleIn(layers, known, path, stack).sort(byCodeUnit)
    listed.set(path, names)
    return names
  }
  let walked: readonly TreeEntry[] | undefined
  function* walk(): Generator<TreeEntry, void, undefined> {
    const entries: TreeEntry[] = []
    const pending: Merged[] = [{ entry: root, stack: all }]
    for (let merged = pending.pop(); merged !== undefined; merged = pending.pop()) {
      const { entry, stack } = merged
      entries.push(entry)
      yield entry
      if (entry.kind !== 'dir') continue
      const names = children(entry.path, stack)
      const above = entry.path === '/' ? '/' : `${entry.path}/`
      for (let at = names.length - 1; at >= 0; at -= 1) {
        const child = known.get(above + names[at])
        if (child) pending.push(child)
      }
    }
    walked = entries
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
    // Whoever walks again, which several rules do, gets what the first whole walk met.
    walk: () => walked ?? walk(),
    xattrs: (path) => layerOf(path)?.xattrs(path),
  }
}

/** Names of a merged directory that are not hidden; what they lead to is remembered on the way. */
function visibleIn(
  layers: readonly LayerView[],
  known: Map<string, Merged | undefined>,
  path: string,
  stack: readonly number[],
): string[] {
  const above = path === '/' ? '/' : `${path}/`
  const out: string[] = []
  const meet = (name: string, holders: readonly number[]): void => {
    const child = above + name
    let merged = known.get(child)
    if (merged === undefined && !known.has(child)) {
      merged = merge(layers, holders, child)
      known.set(child, merged)
    }
    if (merged) out.push(name)
  }
  const lists = stack.flatMap((index) => {
    const names = layers[index]?.names(path) ?? []
    return names.length === 0 ? [] : [{ index, names }]
  })
  const [first, second] = lists
  // Only the layers that hold the name are asked: most names are in one, and so are most directories.
  if (first && !second) for (const name of first.names) meet(name, [first.index])
  else for (const [name, holders] of holdersOf(lists)) meet(name, holders)
  return out
}

/** The layers that hold each name, in the order given. */
function holdersOf(
  lists: readonly { readonly index: number; readonly names: readonly string[] }[],
): ReadonlyMap<string, readonly number[]> {
  const holders = new Map<string, number[]>()
  for (const { index, names } of lists)
    for (const name of names) {
      const holding = holders.get(name)
      if (holding) holding.push(index)
      else holders.set(name, [index])
    }
  return holders
}

function merge(
  layers: readonly LayerView[],
  parents: readonly number[],
  path: string,
): Merged | undefined {
  let entry: TreeEntry | undefined
  let stack: number[] | undefined
  for (const index of parents) {
    const node = layers[index]?.node(path)
    if (node === undefined) continue
    if (node === 'whiteout') break
    if (!entry) entry = entryOf(path, node, index)
    if (node.kind !== 'dir' || entry.kind !== 'dir') break
    if (stack) stack.push(index)
    else stack = [index]
    if (layers[index]?.opaque(path)) break
  }
  return entry && { entry, stack: stack ?? noLayers }
}

const noLayers: readonly number[] = []

/** Field by field: spreading an object for every path of an image was a tenth of its analysis. */
function entryOf(path: string, node: Exclude<LayerNode, 'whiteout'>, layer: number): TreeEntry {
  const { kind, mode, uid, gid, size, mtime, link, device, hardlinkGroup } = node
  if (link === undefined && device === undefined && hardlinkGroup === undefined)
    return { path, kind, mode, uid, gid, size, mtime, layer }
  return { path, ...node, layer }
}

/** The kernel takes the root's attributes from the highest layer. */
function rootOf(layers: readonly LayerView[], highestFirst: readonly number[]): TreeEntry {
  for (const index of highestFirst) {
    const node = layers[index]?.node('/')
    if (node && node !== 'whiteout') return { path: '/', ...node, layer: index }
  }
  return { path: '/', kind: 'dir', mode: 0o755, uid: 0, gid: 0, size: 0, mtime: 0, layer: 0 }
}
