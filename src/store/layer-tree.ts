import type { LayerId } from '../build/index.ts'
import { type FileTree, type LayerView, overlayTree } from '../image/index.ts'
import type { StoreContext } from './context.ts'
import { layerListing } from './layer-listed.ts'
import { layerView } from './layer-view.ts'
import { layerFiles, layerFolder, needLayer } from './layers.ts'

/** Enough for both sides of a proof, their bases, and what the steps of a build stand on. */
const kept = 8

/**
 * The layers merged, lowest first. Layers never change, so whoever asks for the same ones gets the tree that others
 * have walked before. @throws Fault LAYER_MISSING
 */
export function layerTree(context: StoreContext, layers: readonly LayerId[]): FileTree {
  const views = layers.map((id) => viewOf(context, id))
  const key = layers.join()
  const tree = context.trees.get(key) ?? overlayTree(views)
  context.trees.delete(key)
  context.trees.set(key, tree)
  const [oldest] = context.trees.keys()
  if (context.trees.size > kept && oldest !== undefined) context.trees.delete(oldest)
  return tree
}

function viewOf(context: StoreContext, id: LayerId): LayerView {
  const meta = needLayer(context, id)
  const before = context.views.get(id)
  if (before) return before
  const view = layerView(layerFiles(context, id), meta, () =>
    layerListing(context, layerFolder(context, id), meta),
  )
  context.views.set(id, view)
  return view
}
