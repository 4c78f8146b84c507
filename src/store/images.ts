import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { Fault } from '../base/index.ts'
import type { LayerId, StoredImage } from '../build/index.ts'
import {
  type Digest,
  digestHex,
  type ImageConfig,
  isDigest,
  parseDigest,
  readImageConfig,
  sha256,
} from '../image/index.ts'
import { blobPath, hasBlob, putBytes } from './blobs.ts'
import { folderOf, type StoreContext } from './context.ts'
import { findLayer, readDiff } from './layers.ts'
import { parseLayerId } from './names.ts'
import { readRecord, writeRecord } from './records.ts'
import { findTag } from './tags.ts'

type ImageRecord = { readonly layers: readonly string[]; readonly manifest: string | null }

/** Publishes configuration, then record. An image that is there already keeps its manifest. @returns the image ID */
export function putImage(
  context: StoreContext,
  { config, layers }: { readonly config: ImageConfig; readonly layers: readonly LayerId[] },
): Digest {
  return adoptImage(context, Buffer.from(JSON.stringify(config)), layers)
}

/** The same for a configuration that must stay byte for byte as it was pulled. @throws Fault IMAGE_INVALID */
export function adoptImage(
  context: StoreContext,
  bytes: Uint8Array,
  layers: readonly LayerId[],
): Digest {
  const id = sha256(bytes)
  const config = parseConfig(Buffer.from(bytes).toString('utf8'))
  if (!config) throw invalidImage(`${id} is no image configuration`)
  checkLayers(context, config, layers)
  if (!hasBlob(context, id)) putBytes(context, bytes)
  writeImage(context, id, { layers, manifest: readImage(context, id)?.manifest ?? null })
  return id
}

export function setManifest(context: StoreContext, id: Digest, manifest: Digest): void {
  const { layers } = needImage(context, id)
  writeImage(context, id, { layers, manifest })
}

/** Writes the record again if another process has just removed it; its layers are there as long as we are. */
export function restoreImage(context: StoreContext, image: StoredImage): void {
  const { id, layers, manifest } = image
  if (readRecord(imagePath(context, id)) === undefined)
    writeImage(context, id, { layers, manifest })
}

/** By ID, name, or the first digits of an ID; undefined when there is none or it is not complete. */
export function findImage(context: StoreContext, nameOrId: string): StoredImage | undefined {
  if (isDigest(nameOrId)) return readImage(context, nameOrId)
  const tagged = findTag(context, nameOrId)
  if (tagged) return readImage(context, tagged)
  const hex = nameOrId.replace(/^sha256:/, '')
  if (!/^[0-9a-f]{4,64}$/.test(hex)) return undefined
  const found = imageIds(context).filter((id) => digestHex(id).startsWith(hex))
  if (found.length > 1)
    throw new Fault('IMAGE_AMBIGUOUS', `several image IDs start with ${hex}`, {
      kind: 'invalid',
      hint: 'Give more digits of the ID.',
    })
  return found[0] && readImage(context, found[0])
}

/** @throws Fault IMAGE_NOT_FOUND */
export function needImage(context: StoreContext, nameOrId: string): StoredImage {
  const image = findImage(context, nameOrId)
  if (image) return image
  throw new Fault('IMAGE_NOT_FOUND', `no such image: ${nameOrId}`, {
    kind: 'invalid',
    hint: '`jettison image ls` lists the images of this store.',
  })
}

export function imageIds(context: StoreContext): readonly Digest[] {
  return readdirSync(folderOf(context, 'images'))
    .filter((name) => /^[0-9a-f]{64}$/.test(name))
    .map((name) => parseDigest(`sha256:${name}`))
}

export function imagePath(context: StoreContext, id: Digest): string {
  return join(folderOf(context, 'images'), digestHex(id))
}

/** Undefined unless record, configuration and every layer are there. */
export function readImage(context: StoreContext, id: Digest): StoredImage | undefined {
  const record = readRecord(imagePath(context, id)) as ImageRecord | undefined
  if (!record) return undefined
  const config = readConfig(context, id)
  const layers = record.layers.map(parseLayerId)
  if (!config || !layers.every((layer) => findLayer(context, layer))) return undefined
  return {
    id,
    config,
    layers,
    manifest: record.manifest === null ? null : parseDigest(record.manifest),
  }
}

/** Layer ids of an image record, readable even when the image is not complete. */
export function layersOfRecord(context: StoreContext, id: Digest): readonly LayerId[] {
  const record = readRecord(imagePath(context, id)) as ImageRecord | undefined
  return record?.layers.map(parseLayerId) ?? []
}

function readConfig(context: StoreContext, id: Digest): ImageConfig | undefined {
  return hasBlob(context, id) ? parseConfig(readFileSync(blobPath(context, id), 'utf8')) : undefined
}

/** Undefined for what is no image configuration. */
export function parseConfig(text: string): ImageConfig | undefined {
  try {
    const read = readImageConfig(JSON.parse(text))
    return 'config' in read ? read.config : undefined
  } catch {
    return undefined
  }
}

function writeImage(
  context: StoreContext,
  id: Digest,
  record: { readonly layers: readonly LayerId[]; readonly manifest: Digest | null },
): void {
  const path = imagePath(context, id)
  if (JSON.stringify(readRecord(path)) === JSON.stringify(record)) return
  writeRecord(context, path, record)
}

function checkLayers(context: StoreContext, config: ImageConfig, layers: readonly LayerId[]): void {
  const { diff_ids: diffIds } = config.rootfs
  if (diffIds.length !== layers.length)
    throw invalidImage(`${layers.length} layers for ${diffIds.length} diffIDs`)
  for (const [index, layer] of layers.entries()) {
    const found = readDiff(context, layer)?.diffId
    if (found !== diffIds[index])
      throw invalidImage(`layer ${index} is ${found ?? 'unknown'} and should be ${diffIds[index]}`)
  }
}

function invalidImage(why: string): Fault {
  return new Fault('IMAGE_INVALID', `the image is invalid: ${why}`, { kind: 'invalid' })
}
