import { createHash } from 'node:crypto'
import { posix } from 'node:path'
import { type FileTree, globMatch, resolvePath, type TreeEntry } from '../image/index.ts'
import type { CopySource } from './ports.ts'

/** One source that a COPY pattern found: its path with symlinks followed, and the name it was found under. */
export type Selected = { readonly path: string; readonly name: string; readonly entry: TreeEntry }

/**
 * What the patterns of a COPY find, in order. A pattern with wildcards may find nothing; a literal that is missing is
 * reported in `missing`. Components match as Go's filepath.Match; `*` does not cross a slash.
 */
export function selectSources(
  tree: FileTree,
  patterns: readonly string[],
): { readonly selected: readonly Selected[]; readonly missing: readonly string[] } {
  const selected: Selected[] = []
  const missing: string[] = []
  for (const pattern of patterns) {
    const found = expandPattern(tree, pattern)
    for (const path of found) {
      const resolved = resolvePath(tree, path)
      if (resolved.entry)
        selected.push({ path: resolved.path, name: posix.basename(path), entry: resolved.entry })
    }
    if (found.length === 0 && !/[*?[\\]/.test(pattern)) missing.push(pattern)
  }
  return { selected, missing }
}

function expandPattern(tree: FileTree, pattern: string): string[] {
  let found: string[] = ['/']
  for (const part of posix.normalize(`/${pattern}`).split('/').filter(Boolean)) {
    found = found.flatMap((parent) => {
      const dir = resolvePath(tree, parent).path
      if (!/[*?[\\]/.test(part)) {
        const path = posix.join(dir, part)
        return tree.lookup(path) ? [path] : []
      }
      return tree
        .readdir(dir)
        .filter((name) => globMatch(part, name))
        .map((name) => posix.join(dir, name))
    })
  }
  // A symlink that leads nowhere is no source.
  return found.filter((path) => resolvePath(tree, path).entry !== undefined)
}

/** Every entry at and below `path`, parents first, siblings sorted; symlinks below it are not followed. */
export function* subtree(tree: FileTree, path: string): Iterable<TreeEntry> {
  const entry = tree.lookup(path)
  if (!entry) return
  yield entry
  if (entry.kind !== 'dir') return
  for (const name of tree.readdir(path)) yield* subtree(tree, posix.join(path, name))
}

/**
 * Digest of what a COPY would read: relative paths, kinds, modes, owners, link targets and contents, never times
 * (BuildKit's contenthash, tarsum without mtime).
 */
export function selectionDigest(source: CopySource, selected: readonly Selected[]): string {
  const hash = createHash('sha256')
  for (const { path, name } of selected) {
    hash.update(`\n> ${name}\n`)
    for (const entry of subtree(source.tree, path)) {
      // The name of the source itself does not matter: a copied directory gives its contents only.
      const rel = entry.path === path ? '' : entry.path.slice(path === '/' ? 1 : path.length + 1)
      const content = entry.kind === 'file' ? source.contentDigest(entry.path) : (entry.link ?? '')
      hash.update(
        `${JSON.stringify(rel)} ${entry.kind} ${entry.mode.toString(8)} ${entry.uid}:${entry.gid} ${content}\n`,
      )
    }
  }
  return `sha256:${hash.digest('hex')}`
}
