import { createHash } from 'node:crypto'
import { posix } from 'node:path'
import { type FileTree, globMatch, hasGlob, resolvePath, type TreeEntry } from '../image/index.ts'
import { type CopyFilter, visitSource } from './copy-filter.ts'
import type { CopySource } from './ports.ts'

/** One source that a COPY pattern found: its path with symlinks followed, and the name it was found under. */
export type Selected = { readonly path: string; readonly name: string; readonly entry: TreeEntry }

/**
 * What one pattern of a COPY finds, sorted as fsutil walks. A literal path is found through symlinks or is missing
 * (null); with wildcards, what stands before the first of them is followed and nothing below, and finding nothing is no
 * error. A match that is a symlink itself is followed; one that leads nowhere is no source.
 */
export function selectSources(tree: FileTree, pattern: string): readonly Selected[] | null {
  const parts = posix.normalize(`/${pattern}`).split('/').filter(Boolean)
  const wild = parts.findIndex(hasGlob)
  if (wild < 0) {
    const literal = posix.join('/', ...parts)
    const { path, entry } = resolvePath(tree, literal)
    return entry ? [{ path, name: posix.basename(literal), entry }] : null
  }
  const { path: base, entry: start } = resolvePath(tree, posix.join('/', ...parts.slice(0, wild)))
  if (!start) return null
  return matchBelow(tree, base, parts.slice(wild)).flatMap((found) => {
    const { path, entry } = resolvePath(tree, found)
    return entry ? [{ path, name: posix.basename(found), entry }] : []
  })
}

function matchBelow(tree: FileTree, directory: string, parts: readonly string[]): string[] {
  const [first, ...rest] = parts
  if (first === undefined || tree.lookup(directory)?.kind !== 'dir') return []
  return tree
    .readdir(directory)
    .filter((name) => globMatch(first, name))
    .map((name) => posix.join(directory, name))
    .flatMap((path) => (rest.length === 0 ? [path] : matchBelow(tree, path, rest)))
}

/**
 * Digest of what a COPY would read: relative paths, kinds, modes, owners, link targets, extended attributes and
 * contents, never times (BuildKit's contenthash, tarsum without mtime).
 */
export function selectionDigest(
  source: CopySource,
  selected: readonly Selected[],
  filter: CopyFilter,
): string {
  const hash = createHash('sha256')
  let text = ''
  for (const { name, entry: root } of selected) {
    text += `\n> ${name}\n`
    for (const { entry, rel } of visitSource(source.tree, root, filter)) {
      const content = entry.kind === 'file' ? source.contentDigest(entry.path) : (entry.link ?? '')
      text += `${JSON.stringify(rel)} ${entry.kind} ${entry.mode.toString(8)} ${entry.uid}:${entry.gid} ${content}\n`
      for (const [key, value] of source.tree.xattrs(entry.path) ?? []) {
        hash.update(`${text}  ${JSON.stringify(key)} `).update(value)
        text = ''
      }
      // A call for each of 50,000 lines would cost more than the hashing.
      if (text.length > 1 << 16) {
        hash.update(text)
        text = ''
      }
    }
  }
  hash.update(text)
  return `sha256:${hash.digest('hex')}`
}
