import { closeSync, openSync, readSync, statSync } from 'node:fs'
import { posix } from 'node:path'
import type { CopySource } from '../../build/index.ts'
import { treeSource } from '../tree-source.ts'
import { memoryTree } from './memory-tree.ts'

export type OneFile = { readonly source: CopySource; readonly path: string }

/** One file of the host as all there is, owner 0:0, mode 0600 as BuildKit's HTTP source has it. `mtime` in seconds. */
export function oneFile(
  file: string,
  about: { readonly name: string; readonly mtime: number },
): OneFile {
  const tree = memoryTree()
  const read = (part: { readonly offset: number; readonly length: number }): Uint8Array => {
    const fd = openSync(file, 'r')
    try {
      const bytes = Buffer.alloc(part.length)
      return bytes.subarray(0, readSync(fd, bytes, 0, part.length, part.offset))
    } finally {
      closeSync(fd)
    }
  }
  const { size } = statSync(file)
  const path = tree.put(
    posix.join('/', about.name),
    { kind: 'file', mode: 0o600, uid: 0, gid: 0, size, mtime: about.mtime },
    { read },
  )
  return { path, source: treeSource(tree, (asked) => (asked === path ? file : null)) }
}
