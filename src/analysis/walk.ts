import type { FileTree, TreeEntry } from '../image/index.ts'
import { join } from './canonical.ts'

/** Mount points of the kernel: whatever an image carries there is not visible to a running app. */
const kernel: ReadonlySet<string> = new Set(['/proc', '/sys', '/dev'])

/** Entries below a directory, parents first, without following links and without the kernel's mount points. */
export function* walkUnder(tree: FileTree, dir: string): Iterable<TreeEntry> {
  const pending = [dir]
  for (let here = pending.pop(); here !== undefined; here = pending.pop()) {
    if (kernel.has(here)) continue
    for (const name of tree.readdir(here)) {
      const entry = tree.lookup(join(here, name))
      if (!entry) continue
      yield entry
      if (entry.kind === 'dir') pending.push(entry.path)
    }
  }
}

/** Every entry that a running app could see: the tree without the kernel's mount points. */
export function* walkVisible(tree: FileTree): Iterable<TreeEntry> {
  for (const entry of tree.walk()) if (!inKernel(entry.path)) yield entry
}

function inKernel(path: string): boolean {
  return path.startsWith('/proc/') || path.startsWith('/sys/') || path.startsWith('/dev/')
}
