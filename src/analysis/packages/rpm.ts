import type { FileTree } from '../../image/index.ts'
import { type Canonical, canonicalIn, realFile } from '../canonical.ts'
import { rowsOf } from '../sqlite/index.ts'
import type { Package, PackageDatabase } from '../types.ts'
import { databaseOf } from './ownership.ts'
import { type RpmValue, readRpmHeader, rpmTags } from './rpm-header.ts'

/** Where rpm keeps its database: the classic place, then that of image-based systems and of newer Fedoras. */
const places: readonly string[] = [
  '/var/lib/rpm/rpmdb.sqlite',
  '/usr/lib/sysimage/rpm/rpmdb.sqlite',
  '/usr/share/rpm/rpmdb.sqlite',
]

/**
 * The packages that rpm 4.16 and newer has installed (Fedora, RHEL 9 and its kin, openSUSE keeps `ndb`): the headers in
 * the table `Packages`. Signatures' keys (`gpg-pubkey`) are no packages.
 * @returns undefined when there is no such database; the older Berkeley DB and `ndb` are not read
 */
export function readRpm(tree: FileTree): PackageDatabase | undefined {
  const path = places.map((place) => realFile(tree, place)).find((found) => found !== undefined)
  if (path === undefined) return undefined
  const rows = rowsOf((offset, length) => tree.read(path, { offset, length }), 'Packages')
  if (!rows) return undefined
  const canonical = canonicalIn(tree)
  const packages = new Map<string, Package>()
  for (const [, blob] of rows) {
    const header = blob instanceof Uint8Array ? readRpmHeader(blob) : undefined
    const one = header && packageOf(header, canonical)
    if (one && one.name !== 'gpg-pubkey')
      packages.set(packages.has(one.name) ? `${one.name}:${one.arch ?? ''}` : one.name, one)
  }
  return databaseOf(tree, canonical, packages)
}

function packageOf(
  header: ReadonlyMap<number, RpmValue>,
  canonical: Canonical,
): Package | undefined {
  const text = (tag: number): string | undefined => {
    const [first] = header.get(tag) ?? []
    return typeof first === 'string' && first !== '' ? first : undefined
  }
  const name = text(rpmTags.name)
  if (name === undefined) return undefined
  const [epoch] = header.get(rpmTags.epoch) ?? []
  const version = `${typeof epoch === 'number' && epoch > 0 ? `${epoch}:` : ''}${text(rpmTags.version)}-${text(rpmTags.release)}`
  const [arch, source, section] = [rpmTags.arch, rpmTags.sourceRpm, rpmTags.group].map(text)
  return {
    manager: 'rpm',
    name,
    version,
    ...(arch === undefined ? {} : { arch }),
    ...(source === undefined
      ? {}
      : { source: source.replace(/-[^-]+-[^-]+\.(?:no)?src\.rpm$/, '') }),
    ...(section === undefined || section === 'Unspecified' ? {} : { section }),
    depends: words(header.get(rpmTags.requires))
      .filter((word) => !word.startsWith('rpmlib('))
      .map((word) => [word]),
    provides: words(header.get(rpmTags.provides)),
    files: filesOf(header).map(canonical),
  }
}

/** A file is a base name and the number of its directory. */
function filesOf(header: ReadonlyMap<number, RpmValue>): readonly string[] {
  const dirs = words(header.get(rpmTags.dirNames))
  const indexes = header.get(rpmTags.dirIndexes) ?? []
  return words(header.get(rpmTags.baseNames)).map(
    (base, at) => `${dirs[Number(indexes[at] ?? -1)] ?? '/'}${base}`,
  )
}

function words(value: RpmValue | undefined): readonly string[] {
  return (value ?? []).filter((word): word is string => typeof word === 'string')
}
