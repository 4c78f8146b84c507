import { Fault } from '../base/index.ts'
import { byCodeUnit, type Digest } from '../image/index.ts'
import type { ScannedEntry } from './layer-scan.ts'

/** The immutable record of a published layer (`layers/ID/meta.json`): everything that a directory alone does not say. */
export type LayerMeta = {
  readonly version: 1
  /** Bytes of the regular files, a hard-linked file counted once. */
  readonly size: number
  readonly entries: number
  /** Digest of the listing, see `encodeListing`. */
  readonly listing: Digest
  /** Directories that hide what lies below. */
  readonly opaque: readonly string[]
  /** Hard-link groups, each with two paths or more in scan order. Other layers' links to an inode do not count. */
  readonly links: readonly (readonly string[])[]
  /** Extended attributes a layer keeps, base64, by path and name. */
  readonly xattrs: Readonly<Record<string, Readonly<Record<string, string>>>>
  /** Boot in which it was written: until it is known to be on disk, it may be trusted in this boot only. */
  readonly boot: string
}

export type XattrMap = ReadonlyMap<string, ReadonlyMap<string, Buffer>>

const opaqueXattr = 'trusted.overlay.opaque'

/** Attributes that belong to the image and not to the host or to overlayfs. */
export function keepsXattr(name: string): boolean {
  return (
    name === 'security.capability' ||
    (name.startsWith('user.') && !name.startsWith('user.overlay.'))
  )
}

/** `keep` takes paths of one inode for hard links; a list says which are, and all others are unrelated copies. */
export type LayerLinks = 'keep' | readonly (readonly string[])[]

/**
 * Measures a layer.
 * @throws Fault LAYER_REDIRECTED when the overlay was mounted with redirect_dir or metacopy
 */
export function measureLayer(
  scanned: readonly ScannedEntry[],
  xattrs: XattrMap,
  {
    links,
    boot,
    listing,
  }: { readonly links: LayerLinks; readonly boot: string; readonly listing: Digest },
): LayerMeta {
  const groups = links === 'keep' ? linkGroups(scanned) : sortedGroups(scanned, links)
  const repeated = new Set(groups.flatMap((group) => group.slice(1)))
  const kept: Record<string, Record<string, string>> = {}
  const opaque: string[] = []
  for (const [path, attributes] of xattrs) {
    for (const [name, value] of attributes) {
      if (name === opaqueXattr && value.toString('latin1') === 'y') opaque.push(path)
      else if (name === 'trusted.overlay.redirect' || name === 'trusted.overlay.metacopy')
        throw new Fault('LAYER_REDIRECTED', `overlayfs left ${name} on ${path}`, {
          kind: 'internal',
          hint: 'Mount overlays with redirect_dir=off,metacopy=off.',
        })
      else if (keepsXattr(name)) kept[path] = { ...kept[path], [name]: value.toString('base64') }
    }
  }
  let size = 0
  for (const { path, node } of scanned)
    if (node !== 'whiteout' && node.kind === 'file' && !repeated.has(path)) size += node.size
  return {
    version: 1,
    size,
    entries: scanned.length,
    listing,
    opaque: opaque.sort(byCodeUnit),
    links: groups,
    xattrs: kept,
    boot,
  }
}

/** Groups and their paths in scan order, paths that are not there left out. */
function sortedGroups(
  scanned: readonly ScannedEntry[],
  groups: readonly (readonly string[])[],
): string[][] {
  if (groups.length === 0) return []
  const order = new Map(scanned.map(({ path }, at) => [path, at]))
  const place = (path: string): number => order.get(path) ?? -1
  return groups
    .map((group) => group.filter((path) => order.has(path)).sort((a, b) => place(a) - place(b)))
    .filter((group) => group.length > 1)
    .sort(([a = ''], [b = '']) => place(a) - place(b))
}

function linkGroups(scanned: readonly ScannedEntry[]): string[][] {
  const groups = new Map<number, string[]>()
  for (const { path, node, inode, linkCount } of scanned) {
    if (linkCount < 2 || node === 'whiteout' || node.kind === 'dir') continue
    const group = groups.get(inode)
    if (group) group.push(path)
    else groups.set(inode, [path])
  }
  return [...groups.values()].filter((group) => group.length > 1)
}
