import { type FileTree, resolvePath } from '../image/index.ts'

/** Maps every spelling of a path to one: directories that are symlinks are followed, the last component is not. */
export type Canonical = (path: string) => string

/** PATH_MAX: a longer path in a package list names no file, and would only deepen the recursion here. */
const longest = 4096

/**
 * On merged-/usr systems `/lib/x` and `/usr/lib/x` are one file, and package lists use either spelling. Results are
 * remembered a directory, because the lists of a large image name the same few thousand directories over and over.
 */
export function canonicalIn(tree: FileTree): Canonical {
  const known = new Map<string, string>([['/', '/']])
  const directory = (dir: string): string => {
    const seen = known.get(dir)
    if (seen !== undefined) return seen
    // Placed first, so that a link loop ends here instead of recursing.
    known.set(dir, dir)
    const here = join(directory(parentOf(dir)), nameOf(dir))
    const real = tree.lookup(here)?.kind === 'symlink' ? followed(tree, here) : here
    known.set(dir, real)
    return real
  }
  return (path) => {
    if (path === '/' || path.length > longest) return path
    const parent = parentOf(path)
    const real = directory(parent)
    return real === parent ? path : join(real, nameOf(path))
  }
}

/**
 * Remembers the answer for the directory of the path asked last: walks and lists name what is in one directory one after
 * the other, and to compare costs less than to ask, or to cut, each path.
 */
export function byDirectory<Value>(answer: (dir: string) => Value): (path: string) => Value {
  let last: { path: string; readonly dir: string; readonly value: Value } | undefined
  return (path) => {
    // Several rules ask for one path in turn.
    if (last?.path === path) return last.value
    if (last && path.lastIndexOf('/') === last.dir.length && path.startsWith(last.dir)) {
      last.path = path
      return last.value
    }
    const dir = parentOf(path)
    last = { path, dir, value: answer(dir) }
    return last.value
  }
}

/** `/a/b` → `/a`, `/a` → `/`. */
export function parentOf(path: string): string {
  const slash = path.lastIndexOf('/')
  return slash <= 0 ? '/' : path.slice(0, slash)
}

export function nameOf(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1)
}

export function join(dir: string, name: string): string {
  return dir === '/' ? `/${name}` : `${dir}/${name}`
}

/** Folds `.`, `..` and doubled slashes by text alone, as record files of packages mean them. */
export function folded(path: string): string {
  const out: string[] = []
  for (const part of path.split('/')) {
    if (part === '..') out.pop()
    else if (part !== '' && part !== '.') out.push(part)
  }
  return `/${out.join('/')}`
}

/** The real path of an existing file, or undefined: missing, or a loop of links. */
export function realFile(tree: FileTree, path: string): string | undefined {
  try {
    const { path: real, entry } = resolvePath(tree, path)
    return entry?.kind === 'file' ? real : undefined
  } catch {
    return undefined
  }
}

/** The real path of an existing directory, or undefined. */
export function realDirectory(tree: FileTree, path: string): string | undefined {
  try {
    const { path: real, entry } = resolvePath(tree, path)
    return entry?.kind === 'dir' ? real : undefined
  } catch {
    return undefined
  }
}

function followed(tree: FileTree, path: string): string {
  try {
    return resolvePath(tree, path).path
  } catch {
    return path
  }
}
