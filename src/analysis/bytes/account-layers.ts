import type { FileTree, TreeEntry } from '../../image/index.ts'

/**
 * What became of the bytes that a layer holds: `live` are in the merged tree, the others are pulled and never seen.
 * The four sum to the regular files of the layer, hard links counted once.
 */
export type LayerAccount = {
  readonly live: number
  /** A later layer has other content at the path. */
  readonly overwritten: number
  /** A later layer has the same content at the path: only owner, mode or time changed. */
  readonly metadataOnly: number
  /** A later layer removed the path, or made something else of it or of a directory above it. */
  readonly deleted: number
}

/**
 * The exact account of every layer. An entry is live when it is the one that the merge shows at its path.
 * @param layers each layer as a tree of its own, lowest first
 */
export function accountLayers(
  tree: FileTree,
  layers: readonly FileTree[],
): readonly LayerAccount[] {
  return layers.map((layer, index) => {
    const sums = { live: 0, overwritten: 0, metadataOnly: 0, deleted: 0 }
    const fates = new Map<string, { readonly size: number; fate: keyof typeof sums }>()
    for (const entry of layer.walk()) {
      if (entry.kind !== 'file') continue
      const fate = fateOf(tree, layer, entry, index)
      const key = entry.hardlinkGroup ?? entry.path
      const known = fates.get(key)
      // One name that is still there keeps the bytes of all of them.
      if (!known) fates.set(key, { size: entry.size, fate })
      else if (fate === 'live') known.fate = fate
    }
    for (const { size, fate } of fates.values()) sums[fate] += size
    return sums
  })
}

function fateOf(
  tree: FileTree,
  layer: FileTree,
  entry: TreeEntry,
  index: number,
): keyof LayerAccount {
  const winner = tree.lookup(entry.path)
  if (winner?.kind !== 'file') return 'deleted'
  if (winner.layer === index) return 'live'
  return winner.size === entry.size && sameContent(tree, layer, entry)
    ? 'metadataOnly'
    : 'overwritten'
}

const chunk = 1 << 20

function sameContent(tree: FileTree, layer: FileTree, { path, size }: TreeEntry): boolean {
  for (let offset = 0; offset < size; offset += chunk) {
    const part = { offset, length: Math.min(chunk, size - offset) }
    if (Buffer.compare(tree.read(path, part), layer.read(path, part)) !== 0) return false
  }
  return true
}
