import { Fault } from '../../base/index.ts'
import type { FileTree, TreeEntry } from './entry.ts'

/** Linux gives up after 40 links (path_resolution(7)). */
const maxLinks = 40

export type Resolved = { readonly path: string; readonly entry: TreeEntry | undefined }

/**
 * The path with every symlink followed inside the root: `..` and absolute targets never leave it. Components that do
 * not exist are kept as they are, so a destination that is still to be made can be resolved as well.
 * @throws Fault TREE_LINK_LOOP
 */
export function resolvePath(
  tree: Pick<FileTree, 'lookup'>,
  path: string,
  { followLast = true }: { readonly followLast?: boolean } = {},
): Resolved {
  const pending = split(path)
  const done: string[] = []
  let links = 0
  while (pending.length > 0) {
    const name = pending.shift() as string
    if (name === '..') {
      done.pop()
      continue
    }
    const here = `/${[...done, name].join('/')}`
    const entry = tree.lookup(here)
    if (entry?.kind === 'symlink' && (followLast || pending.length > 0)) {
      links += 1
      if (links > maxLinks)
        throw new Fault('TREE_LINK_LOOP', `too many symbolic links while resolving ${path}`)
      const target = entry.link ?? ''
      if (target.startsWith('/')) done.length = 0
      pending.unshift(...split(target))
      continue
    }
    done.push(name)
  }
  const resolved = `/${done.join('/')}`
  return { path: resolved, entry: tree.lookup(resolved) }
}

/** Reads a regular file through symlinks, undefined when it is missing, special, or over `limit` bytes. */
export function readResolved(
  tree: FileTree,
  path: string,
  limit: number = 16 * 1024 * 1024,
): Uint8Array | undefined {
  const { entry, path: real } = resolvePath(tree, path)
  if (entry?.kind !== 'file' || entry.size > limit) return undefined
  return tree.read(real)
}

/** `..` stays a component: what it leaves may be a symlink, so it cannot be folded before that is resolved. */
function split(path: string): string[] {
  return path.split('/').filter((part) => part !== '' && part !== '.')
}
