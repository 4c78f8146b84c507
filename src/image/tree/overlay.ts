import { Fault } from '../../base/index.ts'
import { byCodeUnit } from '../path-bytes.ts'
import type { FileTree, TreeEntry } from './entry.ts'

/** What one layer says about a path: an entry, or that the lower layers' entry is gone. */
export type LayerNode =
  | (Omit<TreeEntry, 'layer' | 'path'> & Partial<Pick<TreeEntry, 'layer' | 'path'>>)
  | 'whiteout'

/** One layer as overlayfs sees it. Paths as in `TreeEntry`; no symlink is followed. */
export interface LayerView {
  node(path: string): LayerNode | undefined
  /** Names in a directory of this layer, any order, whiteouts included; empty when it is none. */
  names(path: string): readonly string[]
  /** Full paths of the same, where the layer keeps them: they need not be put together for every directory again. */
  paths?(path: string): readonly string[]
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
  const listed = new Map<string, readonly TreeEntry[]>()
  const children = (path: string): readonly TreeEntry[] => {
    const before = listed.get(path)
    if (before) return before
    const entries = sorted(visibleIn(layers, known, path))
    listed.set(path, entries)
    return entries
  }
  let walked: readonly TreeEntry[] | undefined
  function* walk(): Generator<TreeEntry, void, undefined> {
    const entries: TreeEntry[] = []
    const pending = [root]
    for (let entry = pending.pop(); entry !== undefined; entry = pending.pop()) {
      entries.push(entry)
      yield entry
      if (entry.kind !== 'dir') continue
      const below = children(entry.path)
      for (let at = below.length - 1; at >= 0; at -= 1) pending.push(below[at] as TreeEntry)
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
    readdir: (path) => (find(path)?.kind === 'dir' ? namesOf(children(path)) : []),
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

/** In place, by path, which is by name in one directory; layers list their names in order more often than not. */
function sorted(entries: TreeEntry[]): readonly TreeEntry[] {
  for (let at = 1; at < entries.length; at += 1)
    if ((entries[at - 1] as TreeEntry).path > (entries[at] as TreeEntry).path)
      return entries.sort((a, b) => byCodeUnit(a.path, b.path))
  return entries
}

function namesOf(entries: readonly TreeEntry[]): readonly string[] {
  return entries.map(({ path }) => path.slice(path.lastIndexOf('/') + 1))
}

/** What a merged directory shows, in any order; also what it does not show is remembered on the way. */
function visibleIn(layers: readonly LayerView[], known: Known, path: string): TreeEntry[] {
  const out: TreeEntry[] = []
  const meet = (child: string, holders: readonly number[]): void => {
    const entry =
      known.entries.get(child) ??
      (known.entries.has(child) ? undefined : merge(layers, known, holders, child))
    if (entry) out.push(entry)
  }
  const lists = (known.stacks.get(path) ?? []).flatMap((index) => {
    const paths = pathsIn(layers[index], path)
    return paths.length === 0 ? [] : [{ index, paths }]
  })
  const [first, second] = lists
  // Only the layers that hold the name are asked: most names are in one, and so are most directories.
  if (first && !second) {
    const holders = [first.index]
    for (const child of first.paths) meet(child, holders)
  } else for (const [child, holders] of holdersOf(lists)) meet(child, holders)
  return out
}

function pathsIn(layer: LayerView | undefined, path: string): readonly string[] {
  if (!layer) return []
  if (layer.paths) return layer.paths(path)
  const above = path === '/' ? '/' : `${path}/`
  return layer.names(path).map((name) => above + name)
}

/** The layers that hold each path, in the order given. */
function holdersOf(
  lists: readonly { readonly index: number; readonly paths: readonly string[] }[],
): ReadonlyMap<string, readonly number[]> {
  const holders = new Map<string, number[]>()
  for (const { index, paths } of lists)
    for (const path of paths) {
      const holding = holders.get(path)
      if (holding) holding.push(index)
      else holders.set(path, [index])
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
  if (isEntry(node) && node.layer === layer && node.path === path) return node
  const { kind, mode, uid, gid, size, mtime, link, device, hardlinkGroup } = node
  if (link === undefined && device === undefined && hardlinkGroup === undefined)
    return { path, kind, mode, uid, gid, size, mtime, layer }
  return { path, ...node, layer }
}

/** What a layer says already as this image shows it. */
function isEntry(node: Exclude<LayerNode, 'whiteout'>): node is TreeEntry {
  return node.path !== undefined && node.layer !== undefined
}

/** The kernel takes the root's attributes from the highest layer. */
function rootOf(layers: readonly LayerView[], highestFirst: readonly number[]): TreeEntry {
  for (const index of highestFirst) {
    const node = layers[index]?.node('/')
    if (node && node !== 'whiteout') return { path: '/', ...node, layer: index }
  }
  return { path: '/', kind: 'dir', mode: 0o755, uid: 0, gid: 0, size: 0, mtime: 0, layer: 0 }
}
