import { existsSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { Fault } from '../base/index.ts'
import type { LayerId, LayerInfo } from '../build/index.ts'
import { type Digest, digestHex, isDigest } from '../image/index.ts'
import { folderOf, type StoreContext } from './context.ts'
import { onDisk } from './disk-fault.ts'
import { isWorthListing } from './layer-listed.ts'
import { encodeListing, listingDigest, listingOf } from './layer-listing.ts'
import { type LayerLinks, type LayerMeta, measureLayer } from './layer-meta.ts'
import { scanLayer } from './layer-scan.ts'
import { bootId } from './lease.ts'
import { parseLayerId, randomName } from './names.ts'
import { native } from './native.ts'
import { readRecord, syncPath, writeLossyRecord } from './records.ts'
import { runSync } from './run-sync.ts'

/** What is learnt about a layer after it was published (`layers/ID/diff.json`). */
export type LayerDiff = {
  readonly diffId: Digest
  /** Bytes of the uncompressed tar. */
  readonly tarSize: number
  /** The blob it was unpacked from, kept because our own tar of it would have another digest. */
  readonly blob: {
    readonly digest: Digest
    readonly size: number
    readonly mediaType: string
  } | null
}

/** The layer's files: `layers/ID/fs`. */
export function layerFiles(context: StoreContext, id: LayerId): string {
  return join(layerFolder(context, id), 'fs')
}

export function layerFolder(context: StoreContext, id: LayerId): string {
  return join(folderOf(context, 'layers'), parseLayerId(id))
}

/** The record of a layer, undefined when there is no such layer or a power cut may have damaged it. */
export function findLayer(context: StoreContext, id: LayerId): LayerMeta | undefined {
  const folder = layerFolder(context, id)
  const known = context.metas.get(id)
  if (known) return existsSync(folder) ? known : undefined
  const meta = readRecord(join(folder, 'meta.json')) as LayerMeta | undefined
  if (meta?.version !== 1 || !survived(context, id, meta)) return undefined
  context.metas.set(id, meta)
  return meta
}

/** @throws Fault LAYER_MISSING */
export function needLayer(context: StoreContext, id: LayerId): LayerMeta {
  const meta = findLayer(context, id)
  if (!meta) throw new Fault('LAYER_MISSING', `the store has no layer ${id}`, { kind: 'internal' })
  return meta
}

export function layerInfo(context: StoreContext, id: LayerId): LayerInfo {
  const { size } = needLayer(context, id)
  return { id, diffId: readDiff(context, id)?.diffId ?? null, size }
}

export function readDiff(context: StoreContext, id: LayerId): LayerDiff | undefined {
  const diff = readRecord(join(layerFolder(context, id), 'diff.json')) as LayerDiff | undefined
  return diff && isDigest(diff.diffId) ? diff : undefined
}

/** Records the diffID; the first layer that has it is the one that `layerByDiffId` answers. */
export function writeDiff(context: StoreContext, id: LayerId, diff: LayerDiff): void {
  writeLossyRecord(context, join(layerFolder(context, id), 'diff.json'), diff)
  indexDiff(context, id, diff)
}

function indexDiff(context: StoreContext, id: LayerId, diff: LayerDiff): void {
  if (layerByDiffId(context, diff.diffId) === undefined)
    writeLossyRecord(context, join(folderOf(context, 'diffids'), digestHex(diff.diffId)), {
      layer: id,
    })
}

export function layerByDiffId(context: StoreContext, diffId: Digest): LayerInfo | undefined {
  const path = join(folderOf(context, 'diffids'), digestHex(diffId))
  const record = readRecord(path) as { readonly layer: string } | undefined
  if (!record) return undefined
  const id = parseLayerId(record.layer)
  return findLayer(context, id) && readDiff(context, id)?.diffId === diffId
    ? layerInfo(context, id)
    : undefined
}

/** Turns a folder with `fs` in it into a published layer. Nothing is mounted on it any more. */
export function publishFolder(
  context: StoreContext,
  folder: string,
  {
    links,
    diff,
    attributes = 'read',
  }: {
    readonly links: LayerLinks
    readonly diff?: LayerDiff
    readonly attributes?: 'read' | 'none'
  },
): LayerInfo {
  return onDisk('publish a layer', () => {
    const files = join(folder, 'fs')
    const scanned = scanLayer(files)
    const xattrs =
      attributes === 'none'
        ? new Map()
        : native().xattrs(
            files,
            scanned.filter(canHoldXattrs).map(({ path }) => path),
          )
    const listing = encodeListing(scanned)
    const meta = measureLayer(scanned, xattrs, {
      links,
      boot: bootId(),
      listing: listingDigest(listing),
    })
    if (isWorthListing(meta)) writeFileSync(join(folder, 'listing'), listing)
    writeFileSync(join(folder, 'meta.json'), JSON.stringify(meta))
    if (diff) {
      writeFileSync(join(folder, 'diff.json'), JSON.stringify(diff))
      // Unlike our own tar's digest it cannot be computed again.
      syncPath(join(folder, 'diff.json'))
    }
    rmSync(join(folder, 'work'), { recursive: true, force: true })
    const id = parseLayerId(randomName())
    renameSync(folder, layerFolder(context, id))
    context.metas.set(id, meta)
    context.lastScan = diff ? undefined : { id, scanned }
    if (diff) indexDiff(context, id, diff)
    return { id, diffId: diff?.diffId ?? null, size: meta.size }
  })
}

/**
 * Publishing waits for no disk. A layer of this boot is whole even if we were killed; one of an earlier boot that was
 * never seen on disk is compared with its listing once (ext4, XFS and btrfs set a file's size when its data is there).
 */
function survived(context: StoreContext, id: LayerId, meta: LayerMeta): boolean {
  const folder = layerFolder(context, id)
  if (meta.boot === bootId() || existsSync(join(folder, 'synced'))) return true
  if (!existsSync(join(folder, 'fs')) || listingOf(scanLayer(join(folder, 'fs'))) !== meta.listing)
    return false
  syncStore(context)
  markSynced(context, id)
  return true
}

/** Everything written so far reaches the disk (syncfs). */
export function syncStore(context: StoreContext): void {
  runSync('sync', ['-f', context.root])
}

/** Only after `syncStore`. */
export function markSynced(context: StoreContext, id: LayerId): void {
  writeFileSync(join(layerFolder(context, id), 'synced'), '')
}

/** The kernel allows none of the attributes we keep on these. */
function canHoldXattrs({ node }: ReturnType<typeof scanLayer>[number]): boolean {
  return node !== 'whiteout' && (node.kind === 'file' || node.kind === 'dir')
}
