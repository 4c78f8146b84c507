import type { FileTree } from '../../image/index.ts'
import { byDirectory, type Canonical, canonicalIn, join, nameOf, parentOf } from '../canonical.ts'
import { textAt } from '../text.ts'
import type { Package, PackageDatabase } from '../types.ts'
import { relations, stanzas } from './control.ts'
import { databaseOf } from './ownership.ts'

const admin = '/var/lib/dpkg'
const wanted: ReadonlySet<string> = new Set([
  'Package',
  'Status',
  'Version',
  'Architecture',
  'Multi-Arch',
  'Source',
  'Section',
  'Priority',
  'Essential',
  'Protected',
  'Depends',
  'Recommends',
  'Pre-Depends',
  'Provides',
])

/**
 * The packages dpkg has installed: `status` with `info/*.list`, or `status.d` as distroless images have it. Files are
 * listed, not checked: slim images delete documentation that their lists still name.
 * @returns undefined when there is no dpkg database
 */
export function readDpkg(tree: FileTree): PackageDatabase | undefined {
  const canonical = canonicalIn(tree)
  const status = textAt(tree, `${admin}/status`)
  const parts = tree.readdir(`${admin}/status.d`)
  if (status === undefined && parts.length === 0) return undefined
  const packages = new Map<string, Package>()
  const diverted = readDiversions(tree)
  for (const fields of stanzas(status ?? '', wanted)) {
    if (!isInstalled(fields.get('Status'))) continue
    const list = listOf(tree, fields)
    add(packages, fields, ownPaths(list ?? '', canonical, diverted, fields.get('Package') ?? ''))
  }
  for (const part of parts) readStatusPart(tree, part, canonical, packages)
  return databaseOf(tree, canonical, packages)
}

/** `want flag state`: what is removed may stay listed with state `config-files`. */
function isInstalled(status: string | undefined): boolean {
  const state = status?.split(/\s+/)[2]
  return state !== undefined && state !== 'not-installed' && state !== 'config-files'
}

/** Lists are named `name.list`, or `name:arch.list` for `Multi-Arch: same`. */
function listOf(tree: FileTree, fields: ReadonlyMap<string, string>): string | undefined {
  const name = fields.get('Package') ?? ''
  const qualified = `${admin}/info/${name}:${fields.get('Architecture') ?? ''}.list`
  const plain = `${admin}/info/${name}.list`
  return fields.get('Multi-Arch') === 'same'
    ? (textAt(tree, qualified) ?? textAt(tree, plain))
    : (textAt(tree, plain) ?? textAt(tree, qualified))
}

type Diversion = { readonly to: string; readonly by: string }

/** Triples of lines: the diverted path, where it went, and the package that keeps the name (`:` for the admin). */
function readDiversions(tree: FileTree): ReadonlyMap<string, Diversion> {
  const lines = textAt(tree, `${admin}/diversions`)?.split('\n') ?? []
  const out = new Map<string, Diversion>()
  for (let i = 0; i + 2 < lines.length; i += 3)
    out.set(lines[i] ?? '', { to: lines[i + 1] ?? '', by: lines[i + 2] ?? '' })
  return out
}

function ownPaths(
  list: string,
  canonical: Canonical,
  diverted: ReadonlyMap<string, Diversion>,
  name: string,
): readonly string[] {
  const lines = list.split('\n')
  const directories = new Set<string>()
  const note = byDirectory((dir) => directories.add(dir))
  for (const line of lines) note(line)
  const placeOf = byDirectory((dir) => ({ dir, real: parentOf(canonical(join(dir, '_'))) }))
  const out: string[] = []
  for (const line of lines) {
    if (!line.startsWith('/') || line === '/.' || directories.has(line)) continue
    const diversion = diverted.size === 0 ? undefined : diverted.get(line)
    const path = diversion && diversion.by !== name ? diversion.to : line
    const { dir, real } = placeOf(path)
    out.push(real === dir ? path : join(real, nameOf(path)))
  }
  return out
}

/** One package of distroless: its stanza in `status.d/NAME`, its files in `status.d/NAME.md5sums`. */
function readStatusPart(
  tree: FileTree,
  part: string,
  canonical: Canonical,
  packages: Map<string, Package>,
): void {
  if (part.endsWith('.md5sums')) return
  const sums = textAt(tree, `${admin}/status.d/${part}.md5sums`) ?? ''
  const files = sums
    .split('\n')
    .map((line) => /^[0-9a-f]{32}\s+(.+)$/.exec(line)?.[1])
    .filter((path) => path !== undefined)
    .map((path) => canonical(`/${path.replace(/^\.?\//, '')}`))
  for (const fields of stanzas(textAt(tree, `${admin}/status.d/${part}`) ?? '', wanted))
    add(packages, fields, files)
}

/** The first architecture of a name keeps the plain key; a further one is `name:arch`. */
function add(
  packages: Map<string, Package>,
  fields: ReadonlyMap<string, string>,
  files: readonly string[],
): void {
  const name = fields.get('Package')
  if (!name) return
  const arch = fields.get('Architecture')
  const source = fields.get('Source')?.split(/\s/)[0]
  const section = fields.get('Section')
  const priority = fields.get('Priority')
  const recommends = relations(fields.get('Recommends'))
  packages.set(packages.has(name) ? `${name}:${arch ?? ''}` : name, {
    manager: 'dpkg',
    name,
    version: fields.get('Version') ?? '',
    ...(arch === undefined ? {} : { arch }),
    ...(source === undefined ? {} : { source }),
    ...(section === undefined ? {} : { section }),
    ...(priority === undefined ? {} : { priority }),
    ...(isEssential(fields) ? { essential: true } : {}),
    depends: [...relations(fields.get('Pre-Depends')), ...relations(fields.get('Depends'))],
    ...(recommends.length === 0 ? {} : { recommends }),
    provides: relations(fields.get('Provides')).flat(),
    files,
  })
}

/** What is protected may not be removed either; it only need not be there before anything else works. */
function isEssential(fields: ReadonlyMap<string, string>): boolean {
  return fields.get('Essential') === 'yes' || fields.get('Protected') === 'yes'
}
