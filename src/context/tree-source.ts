import { createHash } from 'node:crypto'
import type { CopySource } from '../build/index.ts'
import { type Digest, type FileTree, parseDigest } from '../image/index.ts'
import { notAFile } from './directory.ts'

const chunk = 1024 * 1024

/**
 * Any file tree as the source of a COPY: a stage, an image, an archive. Digests are computed by reading, once for each
 * path. `hostPathOf` names a directory of the host that equals the tree there, or null; by default there is none.
 */
export function treeSource(
  tree: FileTree,
  hostPathOf: (path: string) => string | null = () => null,
): CopySource {
  const digests = new Map<string, Digest>()
  return {
    tree,
    hostPath: hostPathOf,
    contentDigest: (path) => {
      const digest = digests.get(path) ?? digestOf(tree, path)
      digests.set(path, digest)
      return digest
    },
  }
}

function digestOf(tree: FileTree, path: string): Digest {
  const entry = tree.lookup(path)
  if (entry?.kind !== 'file') throw notAFile(path)
  const hash = createHash('sha256')
  for (let offset = 0; offset < entry.size; offset += chunk)
    hash.update(tree.read(path, { offset, length: Math.min(chunk, entry.size - offset) }))
  return parseDigest(`sha256:${hash.digest('hex')}`)
}
