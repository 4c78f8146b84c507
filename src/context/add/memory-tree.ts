import { Fault } from '../../base/index.ts'
import { byCodeUnit, type FileTree, resolvePath, type TreeEntry } from '../../image/index.ts'

/** What a file's bytes are read with. */
type Reader = (part: { readonly offset: number; readonly length: number }) => Uint8Array

/** A file tree that is being put together in memory, entry by entry, as an unpacker would write it to a disk. */
export type MemoryTree = FileTree & {
  /**
   * Puts an entry at a path whose parents may be links, which are followed inside the tree; missing parents are made
   * (0755, 0:0). A later entry replaces an earlier one, a directory over a directory only its attributes.
   * @returns the path where it came to be
   */
  put(path: string, entry: NewEntry, extra?: Extra): string
  extra(path: string): Extra | undefined
}

export type NewEntry = Omit<TreeEntry, 'path' | 'layer'>

export type Extra = {
  readonly read?: Reader
  readonly xattrs?: ReadonlyMap<string, Uint8Array>
}

type Node = { entry: TreeEntry; extra: Extra | undefined; readonly names: Set<string> }

export function memoryTree(): MemoryTree {
  const nodes = new Map<string, Node>()
  const lookup = (path: string): TreeEntry | undefined => nodes.get(path)?.entry

  const set = (path: string, entry: NewEntry, extra: Extra | undefined): void => {
    const known = nodes.get(path)
    const keeps = known?.entry.kind === 'dir' && entry.kind === 'dir'
    if (known && !keeps) remove(path, known)
    nodes.set(path, {
      entry: { ...entry, path, layer: 0 },
      extra,
      names: keeps ? known.names : new Set(),
    })
    if (path !== '/') nodes.get(parentOf(path))?.names.add(nameOf(path))
  }
  const remove = (path: string, node: Node): void => {
    for (const name of node.names) {
      const child = join(path, name)
      const below = nodes.get(child)
      if (below) remove(child, below)
    }
    nodes.delete(path)
  }
  const makeParents = (path: string, mtime: number): void => {
    if (lookup(path)?.kind === 'dir') return
    if (path !== '/') makeParents(parentOf(path), mtime)
    set(path, { kind: 'dir', mode: 0o755, uid: 0, gid: 0, size: 0, mtime }, undefined)
  }
  function* walk(path: string): Generator<TreeEntry> {
    const node = nodes.get(path)
    if (!node) return
    yield node.entry
    for (const name of [...node.names].sort(byCodeUnit)) yield* walk(join(path, name))
  }

  set('/', { kind: 'dir', mode: 0o755, uid: 0, gid: 0, size: 0, mtime: 0 }, undefined)
  return {
    layerCount: 1,
    lookup,
    readdir: (path) => [...(nodes.get(path)?.names ?? [])].sort(byCodeUnit),
    read: (path, part) => {
      const node = nodes.get(path)
      if (node?.entry.kind !== 'file')
        throw new Fault('TREE_NOT_A_FILE', `${path} is not a regular file`)
      const { offset, length } = part ?? { offset: 0, length: node.entry.size }
      const left = Math.max(0, Math.min(length, node.entry.size - offset))
      return node.extra?.read?.({ offset, length: left }) ?? new Uint8Array()
    },
    walk: () => walk('/'),
    xattrs: (path) => nodes.get(path)?.extra?.xattrs,
    extra: (path) => nodes.get(path)?.extra,
    put: (path, entry, extra) => {
      const parent = resolvePath({ lookup }, parentOf(path)).path
      const real = path === '/' ? '/' : join(parent, nameOf(path))
      if (real !== '/') makeParents(parent, entry.mtime)
      set(real, entry, extra)
      return real
    },
  }
}

function parentOf(path: string): string {
  return path.slice(0, Math.max(1, path.lastIndexOf('/')))
}

function nameOf(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1)
}

function join(directory: string, name: string): string {
  return directory === '/' ? `/${name}` : `${directory}/${name}`
}
