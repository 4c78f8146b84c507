import type { FileTree, LayerFile } from '../../image/index.ts'

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

/** A layer by itself: its tree, the sum of its regular files (hard links once), and a quick list of them if there is one. */
export type LayerToAccount = {
  readonly tree: FileTree
  readonly bytes: number
  readonly files?: () => Iterable<LayerFile>
}

/**
 * The exact account of every layer. An entry is live when it is the one that the merge shows at its path.
 * @param layers lowest first
 */
export function accountLayers(
  tree: FileTree,
  layers: readonly LayerToAccount[],
): readonly LayerAccount[] {
  const live = liveBytes(tree)
  return layers.map((layer, index) => {
    const sums = { live: 0, overwritten: 0, metadataOnly: 0, deleted: 0 }
    // Most layers are seen whole: then no file of theirs needs to be looked at.
    if (live[index] === layer.bytes) return { ...sums, live: layer.bytes }
    const linked = new Map<string, { readonly size: number; fate: keyof typeof sums }>()
    for (const file of layer.files?.() ?? filesOf(layer.tree)) {
      const { size, hardlinkGroup } = file
      const fate = fateOf(tree, layer.tree, file, index)
      const known = hardlinkGroup === undefined ? undefined : linked.get(hardlinkGroup)
      if (hardlinkGroup === undefined) sums[fate] += size
      else if (!known) linked.set(hardlinkGroup, { size, fate })
      // One name that is still there keeps the bytes of all of them.
      else if (fate === 'live') known.fate = fate
    }
    for (const { size, fate } of linked.values()) sums[fate] += size
    return sums
  })
}

function* filesOf(tree: FileTree): Iterable<LayerFile> {
  for (const entry of tree.walk()) if (entry.kind === 'file') yield entry
}

/** Bytes of the merged tree by the layer that they come from, hard links of one layer once. */
function liveBytes(tree: FileTree): readonly number[] {
  const sums = Array.from({ length: tree.layerCount }, () => 0)
  const seen = new Set<string>()
  for (const { kind, size, layer, hardlinkGroup } of tree.walk()) {
    if (kind !== 'file') continue
    if (hardlinkGroup !== undefined) {
      const group = `${layer}:${hardlinkGroup}`
      if (seen.has(group)) continue
      seen.add(group)
    }
    sums[layer] = (sums[layer] ?? 0) + size
  }
  return sums
}

function fateOf(
  tree: FileTree,
  layer: FileTree,
  entry: LayerFile,
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

function sameContent(tree: FileTree, layer: FileTree, { path, size }: LayerFile): boolean {
  for (let offset = 0; offset < size; offset += chunk) {
    const part = { offset, length: Math.min(chunk, size - offset) }
    if (Buffer.compare(tree.read(path, part), layer.read(path, part)) !== 0) return false
  }
  return true
}
