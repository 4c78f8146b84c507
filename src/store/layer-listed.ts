import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { folderOf, type StoreContext } from './context.ts'
import { decodeListing, encodeListing, type LayerListing, listingDigest } from './layer-listing.ts'
import type { LayerMeta } from './layer-meta.ts'
import { scanLayer } from './layer-scan.ts'
import { randomName } from './names.ts'

/** A layer of fewer entries is looked at where it lies: that costs no more than its listing would. */
const few = 128

export function isWorthListing({ entries }: Pick<LayerMeta, 'entries'>): boolean {
  return entries >= few
}

/**
 * A layer's listing, undefined when its files are no longer those it was published with (`fsck` says so). One that is missing (of an older store) or torn (by a power cut) is made from the files and kept.
 * @param folder `layers/ID`
 */
export function layerListing(
  context: StoreContext,
  folder: string,
  meta: LayerMeta,
): LayerListing | undefined {
  const bytes = recorded(folder, meta) ?? remade(context, folder, meta)
  return bytes && decodeListing(bytes)
}

function recorded(folder: string, meta: LayerMeta): Buffer | undefined {
  const path = join(folder, 'listing')
  if (!existsSync(path)) return undefined
  const bytes = readFileSync(path)
  return listingDigest(bytes) === meta.listing ? bytes : undefined
}

function remade(context: StoreContext, folder: string, meta: LayerMeta): Buffer | undefined {
  const bytes = encodeListing(scanLayer(join(folder, 'fs')))
  if (listingDigest(bytes) !== meta.listing) return undefined
  try {
    const temp = join(folderOf(context, 'tmp'), `${context.lease.hold()}.${randomName()}-listing`)
    writeFileSync(temp, bytes, { mode: 0o600 })
    renameSync(temp, join(folder, 'listing'))
  } catch {
    // A full disk or one that is read-only: it is known in this process all the same.
  }
  return bytes
}
