import type { FileTree, TreeEntry } from '../../image/index.ts'

/** The tree without these paths and what is below them. */
export function withoutPaths(tree: FileTree, paths: readonly string[]): FileTree {
  const gone = new Set(paths)
  const isGone = (path: string): boolean => {
    for (let at = path; at !== ''; at = at.slice(0, at.lastIndexOf('/')))
      if (gone.has(at)) return true
    return false
  }
  return {
    layerCount: tree.layerCount,
    lookup: (path) => (isGone(path) ? undefined : tree.lookup(path)),
    readdir: (path) =>
      isGone(path)
        ? []
        : tree.readdir(path).filter((name) => !gone.has(`${path === '/' ? '' : path}/${name}`)),
    read: (path, part) => tree.read(path, part),
    walk: () => kept(tree.walk(), isGone),
    xattrs: (path) => (isGone(path) ? undefined : tree.xattrs(path)),
  }
}

/** The tree with another entry at the path of this one. */
export function withEntry(tree: FileTree, other: TreeEntry): FileTree {
  const change = (entry: TreeEntry): TreeEntry => (entry.path === other.path ? other : entry)
  return {
    layerCount: tree.layerCount,
    lookup: (at) => {
      const entry = tree.lookup(at)
      return entry && change(entry)
    },
    readdir: (at) => tree.readdir(at),
    read: (at, part) => tree.read(at, part),
    walk: () => mapped(tree.walk(), change),
    xattrs: (at) => tree.xattrs(at),
  }
}

/** The tree with another text in one file. */
export function withText(tree: FileTree, path: string, text: string): FileTree {
  const bytes = new TextEncoder().encode(text)
  const sized = (entry: TreeEntry): TreeEntry =>
    entry.path === path ? { ...entry, size: bytes.length } : entry
  return {
    layerCount: tree.layerCount,
    lookup: (at) => {
      const entry = tree.lookup(at)
      return entry && sized(entry)
    },
    readdir: (at) => tree.readdir(at),
    read: (at, part) => {
      if (at !== path) return tree.read(at, part)
      return part ? bytes.subarray(part.offset, part.offset + part.length) : bytes
    },
    walk: () => mapped(tree.walk(), sized),
    xattrs: (at) => tree.xattrs(at),
  }
}

function* kept(
  entries: Iterable<TreeEntry>,
  isGone: (path: string) => boolean,
): Iterable<TreeEntry> {
  for (const entry of entries) if (!isGone(entry.path)) yield entry
}

function* mapped(
  entries: Iterable<TreeEntry>,
  change: (entry: TreeEntry) => TreeEntry,
): Iterable<TreeEntry> {
  for (const entry of entries) yield change(entry)
}
