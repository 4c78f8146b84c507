import {
  type Analysis,
  analyzeImage,
  type BuildTool,
  buildTools,
  type PackageDatabase,
  systemPackages,
} from '../analysis/index.ts'
import type { StoredImage } from '../build/index.ts'
import type { FileTree } from '../image/index.ts'
import type { Subject } from '../proof/index.ts'
import { imageSize } from './images.ts'
import type { Session } from './session.ts'
import { standInFor } from './stand-ins.ts'

/** One side of a proof. */
export function subjectOf(
  session: Session,
  name: string,
  image: StoredImage,
  baseLayers: number,
): Subject {
  return {
    name,
    id: image.id,
    config: image.config,
    tree: session.store.tree(image.layers),
    baseLayers,
    size: imageSize(session, image),
  }
}

/**
 * How many of an image's layers are its base's: those shared with `base` when it is known, else with the largest other
 * image of the store that came from elsewhere (pulled, loaded with its manifest, a stand-in) and whose layers are a
 * proper prefix. An image that was built here is no base, pushed or saved or not: it may be an earlier stage of the same
 * app, and what a base holds is not compared. 0 when nothing is known.
 */
export function countBaseLayers(
  session: Pick<Session, 'store'>,
  image: Pick<StoredImage, 'id' | 'config'>,
  base: StoredImage | undefined,
): number {
  const diffIds = image.config.rootfs.diff_ids
  const isPrefix = (other: readonly string[]): boolean =>
    other.length < diffIds.length && other.every((diffId, at) => diffId === diffIds[at])
  if (base) return isPrefix(base.config.rootfs.diff_ids) ? base.layers.length : 0
  return Math.max(
    0,
    ...session.store
      .images()
      .filter(
        (other) =>
          other.id !== image.id &&
          other.tags.length > 0 &&
          (cameFromElsewhere(session, other) ||
            other.tags.some((tag) => standInFor(tag) !== undefined)) &&
          isPrefix(other.config.rootfs.diff_ids),
      )
      .map((other) => other.layers.length),
  )
}

/** A push and a save note the manifest that they made; the document itself is kept of what was pulled or loaded. */
function cameFromElsewhere({ store }: Pick<Session, 'store'>, { manifest }: StoredImage): boolean {
  return manifest !== null && store.hasBlob(manifest)
}

export function analyze(session: Session, image: StoredImage): Analysis {
  return analyzeImage({
    tree: session.store.tree(image.layers),
    config: image.config,
    layerSizes: image.layers.map((layer) => session.store.layer(layer).size),
  })
}

export function packagesOf(tree: FileTree): PackageDatabase | undefined {
  return systemPackages(tree)
}

export function toolsOf(tree: FileTree): readonly BuildTool[] {
  return buildTools(tree, packagesOf(tree))
}
