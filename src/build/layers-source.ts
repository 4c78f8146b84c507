import { type Digest, type FileTree, sha256 } from '../image/index.ts'
import type { BuildStore, CopySource, LayerId } from './ports.ts'

/** A stage's or image's files as a COPY source. The layers are asked for, and the tree opened, when it is first read. */
export function layersSource(store: BuildStore, layers: () => readonly LayerId[]): CopySource {
  let tree: FileTree | undefined
  const digests = new Map<string, Digest>()
  const open = (): FileTree => {
    tree ??= store.tree(layers())
    return tree
  }
  return {
    get tree() {
      return open()
    },
    get layers() {
      return layers()
    },
    contentDigest(path) {
      const known = digests.get(path)
      if (known) return known
      const digest = sha256(open().read(path))
      digests.set(path, digest)
      return digest
    },
    hostPath: () => null,
  }
}
