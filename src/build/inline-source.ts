import { Fault } from '../base/index.ts'
import { type FileTree, sha256, type TreeEntry } from '../image/index.ts'
import type { CopySource } from './ports.ts'

/** Files that stand in the Dockerfile itself (heredocs of COPY and ADD): mode 0644, owner 0:0, time 0. */
export function inlineSource(
  files: readonly { readonly name: string; readonly text: string }[],
): CopySource {
  const contents = new Map(
    files.map(({ name, text }) => [`/${name}`, new TextEncoder().encode(text)]),
  )
  const entry = (path: string): TreeEntry | undefined => {
    const common = { path, uid: 0, gid: 0, mtime: 0, layer: 0 }
    if (path === '/') return { ...common, kind: 'dir', mode: 0o755, size: 0 }
    const bytes = contents.get(path)
    return bytes && { ...common, kind: 'file', mode: 0o644, size: bytes.length }
  }
  const tree: FileTree = {
    layerCount: 1,
    lookup: entry,
    readdir: (path) => (path === '/' ? files.map(({ name }) => name).sort() : []),
    read: (path, part) => {
      const bytes = contents.get(path)
      if (!bytes) throw new Fault('TREE_NOT_A_FILE', `not a regular file: ${path}`)
      return part ? bytes.subarray(part.offset, part.offset + part.length) : bytes
    },
    *walk() {
      for (const path of ['/', ...contents.keys()]) {
        const found = entry(path)
        if (found) yield found
      }
    },
    xattrs: () => undefined,
  }
  return { tree, contentDigest: (path) => sha256(tree.read(path)), hostPath: () => null }
}
