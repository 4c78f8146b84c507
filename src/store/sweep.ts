import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { Fault } from '../base/index.ts'
import type { LayerId } from '../build/index.ts'
import { type Digest, digestHex } from '../image/index.ts'
import { folderOf, type StoreContext } from './context.ts'
import { dropCopied } from './copied.ts'
import { sweepDead } from './drafts.ts'
import {
  imageIds,
  imagePath,
  layersOfRecord,
  needImage,
  readImage,
  restoreImage,
} from './images.ts'
import { findLayer, layerFolder, readDiff } from './layers.ts'
import { parseLayerId } from './names.ts'
import { moveToTrash, readRecord } from './records.ts'
import { readStep } from './steps.ts'
import { findTag, listReferences, removeTag } from './tags.ts'
import { emptyTrash } from './trash.ts'

export type Removed = { readonly untagged: readonly string[]; readonly deleted: readonly Digest[] }

/**
 * `docker rmi`: a name loses its tag, and the image goes with its last one; an ID takes all of its tags along.
 * Records first, then what they named, so that what is reachable stays complete at every moment.
 * @throws Fault IMAGE_NOT_FOUND, IMAGE_TAGGED
 */
export function removeImage(
  context: StoreContext,
  nameOrId: string,
  { force }: { readonly force: boolean },
): Removed {
  const named = findTag(context, nameOrId)
  const id = named ?? needImage(context, nameOrId).id
  if (named) removeTag(context, nameOrId)
  const left = listReferences(context).filter(({ image }) => image === id)
  if (named && left.some(({ name }) => !name.includes('@')))
    return { untagged: [nameOrId], deleted: [] }
  if (left.length > 1 && !force)
    throw new Fault('IMAGE_TAGGED', `image ${nameOrId} has ${left.length} names`, {
      hint: 'Remove it with --force, or remove one name after the other.',
    })
  for (const { name } of left) removeTag(context, name)
  const own = contentOf(context, id)
  const untagged = named ? [nameOrId] : left.map(({ name }) => name)
  if (!removeRecord(context, id)) return { untagged, deleted: [] }
  return { untagged, deleted: [id, ...collect(context, own)] }
}

/** Takes an image's record away, unless another process gives it a name at this moment (`tag` looks at the record after it). */
function removeRecord(context: StoreContext, id: Digest): boolean {
  const image = readImage(context, id)
  moveToTrash(context, imagePath(context, id))
  if (!image || !listReferences(context).some((tag) => tag.image === id)) return true
  restoreImage(context, image)
  return false
}

/**
 * Frees what nothing names: images without a tag that are not to be kept, layers and blobs that neither image nor step reaches, with
 * `steps` the step records too, and what dead processes left. While another process uses the store only the latter.
 */
export function prune(
  context: StoreContext,
  { steps, keep = [] }: { readonly steps: boolean; readonly keep?: readonly Digest[] },
): { readonly bytes: number } {
  sweepDead(context)
  context.lease.alone(() => {
    const named = new Set([...keep, ...listReferences(context).map(({ image }) => image)])
    for (const id of imageIds(context))
      if (!named.has(id) || !readImage(context, id)) moveToTrash(context, imagePath(context, id))
    dropSteps(context, (usable) => steps || !usable)
    takeAway(context, undefined)
    dropCopied(context)
  })
  return emptyTrash(context)
}

/** Layers and blobs (hex digests) that an image names. */
type Content = { readonly layers: ReadonlySet<LayerId>; readonly blobs: ReadonlySet<string> }

function contentOf(context: StoreContext, id: Digest): Content {
  const layers = layersOfRecord(context, id)
  const blobs = layers.flatMap((layer) => readDiff(context, layer)?.blob?.digest ?? [])
  const manifest = readImage(context, id)?.manifest ?? []
  return { layers: new Set(layers), blobs: new Set([id, ...blobs].concat(manifest).map(digestHex)) }
}

/** Another process may be about to use a layer that it found: then nothing is taken away. @returns freed diffIDs */
function collect(context: StoreContext, candidates: Content): Digest[] {
  let freed: Digest[] = []
  context.lease.alone(() => {
    freed = takeAway(context, candidates)
  })
  return freed
}

/** Only where nobody else is. */
function takeAway(context: StoreContext, candidates: Content | undefined): Digest[] {
  const layers = reachableLayers(context)
  const freed: Digest[] = []
  for (const name of readdirSync(folderOf(context, 'layers'))) {
    const id = parseLayerId(name)
    if (layers.has(id) || (candidates && !candidates.layers.has(id))) continue
    const diff = readDiff(context, id)
    if (diff) {
      freed.push(diff.diffId)
      dropDiffIndex(context, id, diff.diffId)
    }
    moveToTrash(context, layerFolder(context, id))
    context.metas.delete(id)
    context.views.delete(id)
  }
  const blobs = reachableBlobs(context)
  for (const hex of readdirSync(folderOf(context, 'blobs/sha256')))
    if (!blobs.has(hex) && candidates?.blobs.has(hex) !== false)
      moveToTrash(context, join(folderOf(context, 'blobs/sha256'), hex))
  return freed
}

function reachableLayers(context: StoreContext): ReadonlySet<LayerId> {
  const layers = new Set<LayerId>()
  for (const id of imageIds(context))
    for (const layer of layersOfRecord(context, id)) layers.add(layer)
  for (const file of readdirSync(folderOf(context, 'steps'))) {
    const step = readStep(join(folderOf(context, 'steps'), file))
    if (step) layers.add(step.record.layer)
  }
  return layers
}

/** Hex digests of configurations, manifests and the archives of the layers that are still there. */
function reachableBlobs(context: StoreContext): ReadonlySet<string> {
  const blobs = new Set<string>()
  for (const id of imageIds(context)) {
    blobs.add(digestHex(id))
    const manifest = readImage(context, id)?.manifest
    if (manifest) blobs.add(digestHex(manifest))
  }
  for (const layer of readdirSync(folderOf(context, 'layers')).map(parseLayerId)) {
    const blob = readDiff(context, layer)?.blob
    if (blob) blobs.add(digestHex(blob.digest))
  }
  return blobs
}

function dropSteps(context: StoreContext, drop: (usable: boolean) => boolean): void {
  for (const file of readdirSync(folderOf(context, 'steps'))) {
    const path = join(folderOf(context, 'steps'), file)
    const step = readStep(path)
    const usable = step !== undefined && findLayer(context, step.record.layer) !== undefined
    if (drop(usable)) moveToTrash(context, path)
  }
}

function dropDiffIndex(context: StoreContext, id: LayerId, diffId: Digest): void {
  const path = join(folderOf(context, 'diffids'), digestHex(diffId))
  const record = readRecord(path) as { readonly layer: string } | undefined
  if (record?.layer === id) moveToTrash(context, path)
}
