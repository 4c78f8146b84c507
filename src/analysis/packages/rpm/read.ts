import type { FileTree } from '../../../image/index.ts'
import { canonicalIn } from '../../canonical.ts'
import type { FileMark, Package, PackageDatabase } from '../../types.ts'
import { databaseOf } from '../ownership.ts'
import { filesOf, type RpmFile } from './files.ts'
import { type RpmValue, readRpmHeader, rpmTags } from './header.ts'
import { packagesInManifest } from './manifest.ts'
import { requirements } from './requirements.ts'
import { sourceName } from './source-name.ts'
import { storedHeaders } from './stored-headers.ts'

/**
 * The packages that rpm has installed: the headers of its database, be it SQLite (Fedora, RHEL 9 and its kin, Amazon
 * Linux 2023), `ndb` (SUSE) or Berkeley DB (RHEL 8 and older), or the manifest of a distroless image. Signatures' keys
 * (`gpg-pubkey`) are no packages.
 * @returns undefined when there is none of them, or none that can be read
 */
export function readRpm(tree: FileTree): PackageDatabase | undefined {
  const headers = storedHeaders(tree)
  const canonical = canonicalIn(tree)
  const packages = new Map<string, Package>()
  const marks = new Map<string, FileMark>()
  const add = (one: Package): void => {
    packages.set(packages.has(one.name) ? `${one.name}:${one.arch ?? ''}` : one.name, one)
  }
  for (const bytes of headers ?? []) {
    const header = readRpmHeader(bytes)
    if (!header) continue
    const files = filesOf(header, tree, canonical)
    const one = packageOf(header, files)
    if (!one || one.name === 'gpg-pubkey') continue
    add(one)
    for (const { path, mark } of files) if (mark) marks.set(path, mark)
  }
  const listed = headers ? undefined : packagesInManifest(tree)
  for (const one of listed ?? []) add(one)
  if (!headers && !listed) return undefined
  return { ...databaseOf(tree, canonical, packages), markOf: (path) => marks.get(path) }
}

function packageOf(
  header: ReadonlyMap<number, RpmValue>,
  files: readonly RpmFile[],
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
  const recommends = requirements(words(header.get(rpmTags.recommends)))
  return {
    manager: 'rpm',
    name,
    version,
    ...(arch === undefined ? {} : { arch }),
    ...(source === undefined ? {} : { source: sourceName(source) }),
    ...(section === undefined || section === 'Unspecified' ? {} : { section }),
    depends: requirements(words(header.get(rpmTags.requires))),
    ...(recommends.length === 0 ? {} : { recommends }),
    provides: words(header.get(rpmTags.provides)),
    files: files.map(({ path }) => path),
  }
}

function words(value: RpmValue | undefined): readonly string[] {
  return (value ?? []).filter((word): word is string => typeof word === 'string')
}
