import { createHash } from 'node:crypto'
import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { parseDigest } from '../image/index.ts'
import { hasBlob, readBlob } from './blobs.ts'
import { folderOf, type StoreContext } from './context.ts'
import { imageIds, layersOfRecord, readImage } from './images.ts'
import { listingOf } from './layer-listing.ts'
import { scanLayer } from './layer-scan.ts'
import { findLayer, layerFiles, layerFolder, readDiff } from './layers.ts'
import { parseLayerId } from './names.ts'
import { readRecord } from './records.ts'
import { readStep } from './steps.ts'
import { listReferences } from './tags.ts'

/** Recomputes everything and lists every fault. What is merely unreachable is no fault. */
export async function fsck(
  context: StoreContext,
  { signal }: { readonly signal?: AbortSignal | undefined },
): Promise<readonly string[]> {
  return [
    ...(await blobFaults(context, signal)),
    ...layerFaults(context, signal),
    ...indexFaults(context),
    ...imageFaults(context),
    ...stepFaults(context),
  ]
}

async function blobFaults(
  context: StoreContext,
  signal: AbortSignal | undefined,
): Promise<string[]> {
  const faults: string[] = []
  for (const hex of readdirSync(folderOf(context, 'blobs/sha256'))) {
    const hash = createHash('sha256')
    for await (const chunk of readBlob(context, parseDigest(`sha256:${hex}`))) {
      signal?.throwIfAborted()
      hash.update(chunk)
    }
    if (hash.digest('hex') !== hex) faults.push(`blob ${hex}: its content has another digest`)
  }
  return faults
}

function layerFaults(context: StoreContext, signal: AbortSignal | undefined): string[] {
  return readdirSync(folderOf(context, 'layers')).flatMap((name) => {
    signal?.throwIfAborted()
    const id = parseLayerId(name)
    const meta = findLayer(context, id)
    if (!meta) return [`layer ${id}: no valid record, or lost in a power cut`]
    const faults: string[] = []
    if (listingOf(scanLayer(layerFiles(context, id))) !== meta.listing)
      faults.push(`layer ${id}: its files differ from their listing`)
    const blob = readDiff(context, id)?.blob
    if (blob && !hasBlob(context, blob.digest))
      faults.push(`layer ${id}: its archive ${blob.digest} is missing`)
    return faults
  })
}

function indexFaults(context: StoreContext): string[] {
  return readdirSync(folderOf(context, 'diffids')).flatMap((hex) => {
    const record = readRecord(join(folderOf(context, 'diffids'), hex)) as
      | { readonly layer: string }
      | undefined
    if (!record) return [`diffID ${hex}: the record is damaged`]
    const id = parseLayerId(record.layer)
    return readDiff(context, id)?.diffId === `sha256:${hex}`
      ? []
      : [`diffID ${hex}: ${layerFolder(context, id)} is another layer`]
  })
}

function imageFaults(context: StoreContext): string[] {
  const ids = imageIds(context)
  const broken = ids.flatMap((id) => {
    const image = readImage(context, id)
    if (!image) return [`image ${id}: configuration, record or a layer is missing`]
    const diffIds = layersOfRecord(context, id).map((layer) => readDiff(context, layer)?.diffId)
    return JSON.stringify(diffIds) === JSON.stringify(image.config.rootfs.diff_ids)
      ? []
      : [`image ${id}: its layers are not those of its configuration`]
  })
  const dangling = listReferences(context)
    .filter(({ image }) => !ids.includes(image))
    .map(({ name, image }) => `tag ${name}: the image ${image} is missing`)
  return [...broken, ...dangling]
}

function stepFaults(context: StoreContext): string[] {
  return readdirSync(folderOf(context, 'steps')).flatMap((hex) => {
    const step = readStep(join(folderOf(context, 'steps'), hex))
    if (!step) return [`step ${hex}: the record is damaged`]
    return findLayer(context, step.record.layer)
      ? []
      : [`step ${hex}: its layer ${step.record.layer} is missing`]
  })
}
