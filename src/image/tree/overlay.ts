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

/**
 * What has been looked up: visible entries (or that there is none), and for directories the layers that are merged in
 * them, highest first.
 */
type Known = {
  readonly entries: Map<string, TreeEntry | undefined>
  readonly stacks: Map<string, readonly number[]>
}

/**
 * Layers merged as the kernel does (Documentation/filesystems/overlayfs.rst), lowest first. Lookups are lazy and
 * remembered: the layers must not change while the tree is used.
 */
export function overlayTree(layers: readonly LayerView[]): FileTree {
  const known: Known = { entries: new Map(), stacks: new Map() }
  const all = layers.map((_, index) => layers.length - 1 - index)
  const root = rootOf(layers, all)
  known.entries.set('/', root)
  known.stacks.set('/', all)

  const find = (path: string): TreeEntry | undefined => {
    const entry = known.entries.get(path)
    if (entry || known.entries.has(path)) return entry
    const slash = path.lastIndexOf('/')
    const parent = slash <= 0 ? '/' : path.slice(0, slash)
    const dir = slash < 0 || slash === path.length - 1 ? undefined : find(parent)
    return dir?.kind === 'dir'
      ? merge(layers, known, known.stacks.get(parent) ?? [], path)
      : absent(known, path)
  }
  const listed = new Map<string, readonly string[]>()
  const children = (path: string): readonly string[] => {
    const before = listed.get(path)
    if (before) return before
    const names = sorted(visibleIn(layers, known, path))
    listed.set(path, names)
    return names
  }
  let walked: readonly TreeEntry[] | undefined
  function* walk(): Generator<TreeEntry, void, undefined> {
    const entries: TreeEntry[] = []
    const pending = [root]
    for (let entry = pending.pop(); entry !== undefined; entry = pending.pop()) {
      entries.push(entry)
      yield entry
      if (entry.kind !== 'dir') continue
      const names = children(entry.path)
      const above = entry.path === '/' ? '/' : `${entry.path}/`
      for (let at = names.length - 1; at >= 0; at -= 1) {
        const child = known.entries.get(above + names[at])
        if (child) pending.push(child)
      }
    }
    walked = entries
  }
  const layerOf = (path: string): LayerView | undefined => {
    const entry = find(path)
    return entry && layers[entry.layer]
  }
  return {
    layerCount: layers.length,
    lookup: find,
    readdir: (path) => (find(path)?.kind === 'dir' ? children(path) : []),
    read: (path, part) => {
      const layer = find(path)?.kind === 'file' ? layerOf(path) : undefined
      if (!layer) throw new Fault('TREE_NOT_A_FILE', `not a regular file in the image: ${path}`)
      return layer.read(path, part)
    },
    // Whoever walks again, which several rules do, gets what the first whole walk met.
    walk: () => walked ?? walk(),
    xattrs: (path) => layerOf(path)?.xattrs(path),
  }
}

/** In place; layers list their names in order more often than not. */
function sorted(names: string[]): readonly string[] {
  for (let at = 1; at < names.length; at += 1)
    if ((names[at - 1] as string) > (names[at] as string)) return names.sort(byCodeUnit)
  return names
}

/** Names of a merged directory that are not hidden; what they lead to is remembered on the way. */
function visibleIn(layers: readonly LayerView[], known: Known, path: string): string[] {
  const above = path === '/' ? '/' : `${path}/`
  const out: string[] = []
  const meet = (name: string, holders: readonly number[]): void => {
    const child = above + name
    const entry =
      known.entries.get(child) ??
      (known.entries.has(child) ? undefined : merge(layers, known, holders, child))
    if (entry) out.push(name)
  }
  const lists = (known.stacks.get(path) ?? []).flatMap((index) => {
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

/** Looks a path up in the layers of its directory and remembers what it is. */
function merge(
  layers: readonly LayerView[],
  known: Known,
  parents: readonly number[],
  path: string,
): TreeEntry | undefined {
  let entry: TreeEntry | undefined
  const stack: number[] = []
  for (const index of parents) {
    const node = layers[index]?.node(path)
    if (node === undefined) continue
    if (node === 'whiteout') break
    if (!entry) entry = entryOf(path, node, index)
    if (node.kind !== 'dir' || entry.kind !== 'dir') break
    stack.push(index)
    if (layers[index]?.opaque(path)) break
  }
  known.entries.set(path, entry)
  if (entry?.kind === 'dir') known.stacks.set(path, stack)
  return entry
}

function absent(known: Known, path: string): undefined {
  known.entries.set(path, undefined)
  return undefined
}

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
