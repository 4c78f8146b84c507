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

/** Bytes of a layer behind a file that a later layer has at the same path; both by index, 0 = lowest. */
export type HiddenBytes = { readonly layer: number; readonly by: number; readonly bytes: number }

/**
 * The exact account of every layer. An entry is live when it is the one that the merge shows at its path.
 * @param layers lowest first
 * @param onHidden told of every file that a later one replaces
 */
export function accountLayers(
  tree: FileTree,
  layers: readonly LayerToAccount[],
  onHidden?: (hidden: HiddenBytes) => void,
): readonly LayerAccount[] {
  const live = liveBytes(tree)
  return layers.map((layer, index) => {
    const sums = { live: 0, overwritten: 0, metadataOnly: 0, deleted: 0 }
    // Most layers are seen whole: then no file of theirs needs to be looked at.
    if (live[index] === layer.bytes) return { ...sums, live: layer.bytes }
    const linked = new Map<string, { readonly file: LayerFile; fate: Fate }>()
    const count = ({ path, size }: LayerFile, fate: Fate): void => {
      sums[fate] += size
      if (!onHidden || fate === 'live' || fate === 'deleted') return
      const by = tree.lookup(path)?.layer
      if (by !== undefined) onHidden({ layer: index, by, bytes: size })
    }
    for (const file of layer.files?.() ?? filesOf(layer.tree)) {
      const { hardlinkGroup } = file
      const fate = fateOf(tree, layer.tree, file, index)
      const known = hardlinkGroup === undefined ? undefined : linked.get(hardlinkGroup)
      if (hardlinkGroup === undefined) count(file, fate)
      else if (!known) linked.set(hardlinkGroup, { file, fate })
      // One name that is still there keeps the bytes of all of them.
      else if (fate === 'live') known.fate = fate
    }
    for (const { file, fate } of linked.values()) count(file, fate)
    return sums
  })
}

type Fate = keyof LayerAccount

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

function fateOf(tree: FileTree, layer: FileTree, entry: LayerFile, index: number): Fate {
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
