import type { FileTree, TreeEntry } from '../../image/index.ts'
import { nameOf, parentOf, realFile } from '../canonical.ts'
import { isBuildPackage, kindOfPackage } from '../packages/index.ts'
import type { BuildTool, Package, PackageDatabase, PythonEnvironment } from '../types.ts'
import { walkVisible } from '../walk.ts'
import { cacheOf, isCompilerPath, type Sign, signOf, vcsDirectoryOf } from './signs.ts'

/**
 * Everything in the tree that builds software or is left over from it: compilers (one entry a program), headers and
 * static libraries (one entry an owner and layer), package caches, version control data, and installed packages
 * that are build tools. `layer` tells what a base ships from what was put on top; `keptBy` marks what belongs to a
 * package that stays. Sorted by bytes, largest first.
 */
export function buildTools(
  tree: FileTree,
  database: PackageDatabase | undefined,
  environments: readonly PythonEnvironment[] = [],
): readonly BuildTool[] {
  const listed = distributionFiles(environments)
  const groups = new Map<string, BuildTool>()
  for (const entry of walkVisible(tree)) {
    if (entry.kind !== 'file' && entry.kind !== 'symlink') continue
    const sign = signOf(tree, entry)
    if (sign === undefined) continue
    const found = describe(tree, sign, entry, database?.ownerOf(entry.path), listed)
    if (found) collect(groups, found)
  }
  const packages = database ? installedTools(tree, database) : []
  return [...packages, ...groups.values()].sort(
    (a, b) => b.bytes - a.bytes || (a.path < b.path ? -1 : 1),
  )
}

function distributionFiles(
  environments: readonly PythonEnvironment[],
): ReadonlyMap<string, string> {
  const out = new Map<string, string>()
  for (const { distributions } of environments)
    for (const one of distributions)
      for (const path of one.files) out.set(path, `${one.name} ${one.version}`)
  return out
}

type Found = { readonly group: string; readonly tool: BuildTool }

function describe(
  tree: FileTree,
  sign: Sign,
  entry: TreeEntry,
  owner: Package | undefined,
  listed: ReadonlyMap<string, string>,
): Found | undefined {
  if (entry.kind === 'symlink' && !isToolLink(tree, sign, entry)) return undefined
  if (entry.kind === 'file' && entry.size === 0) return undefined
  const kept = listed.get(entry.path) ?? keptByOwner(sign, owner)
  const { name, path, group } = place(sign, entry, owner, kept)
  const tool: BuildTool = {
    kind: sign,
    name,
    path,
    ...(owner ? { package: owner.name } : {}),
    ...(kept === undefined ? {} : { keptBy: kept }),
    layer: entry.layer,
    bytes: entry.size,
    files: 1,
  }
  return { group: `${sign}\0${group}\0${kept ?? ''}\0${entry.layer}`, tool }
}

/** A link counts when it gives a compiler's name to a file that has another one: `/usr/bin/cc` of a private toolchain. */
function isToolLink(tree: FileTree, sign: Sign, entry: TreeEntry): boolean {
  if (sign !== 'compiler') return false
  const target = realFile(tree, entry.path)
  return target !== undefined && !isCompilerPath(target)
}

/** Headers and archives that a runtime package ships are its own business; a compiler is one whoever owns it. */
function keptByOwner(sign: Sign, owner: Package | undefined): string | undefined {
  if (!owner || sign === 'compiler' || isBuildPackage(owner)) return undefined
  return `${owner.name} ${owner.version}`
}

/** What to call it, the path to show, and the key under which further files join it. */
function place(
  sign: Sign,
  { path }: TreeEntry,
  owner: Package | undefined,
  kept: string | undefined,
): { readonly name: string; readonly path: string; readonly group: string } {
  if (sign === 'compiler') return { name: nameOf(path), path, group: path }
  if (sign === 'vcs') {
    const dir = vcsDirectoryOf(path) ?? path
    return { name: dir, path: dir, group: dir }
  }
  if (sign === 'package-cache') {
    const cache = cacheOf(path)
    const name = cache?.name ?? 'cache'
    return { name, path: cache?.dir ?? parentOf(path), group: name }
  }
  const source = owner?.name ?? kept ?? includeRoot(path)
  return { name: source, path: owner || kept ? path : includeRoot(path), group: source }
}

/** `/usr/local/include/foo/bar/x.h` → `/usr/local/include/foo`; other files by their directory. */
function includeRoot(path: string): string {
  return /^.*?\/include(?:\/[^/]+(?=\/))?/.exec(path)?.[0] ?? parentOf(path)
}

function collect(groups: Map<string, BuildTool>, { group, tool }: Found): void {
  const before = groups.get(group)
  groups.set(
    group,
    before ? { ...before, bytes: before.bytes + tool.bytes, files: before.files + 1 } : tool,
  )
}

/** Build packages by name, sized by their files on disk; the layer is that of their entry in the database. */
function installedTools(tree: FileTree, database: PackageDatabase): readonly BuildTool[] {
  return [...database.packages.values()]
    .filter((one) => isBuildPackage(one) || kindOfPackage(one) === 'vcs')
    .map((one) => {
      const entries = one.files.map((path) => tree.lookup(path)).filter((entry) => !!entry)
      const record = recordOf(tree, one) ?? entries[0]
      return {
        kind: 'package' as const,
        name: one.name,
        path: record?.path ?? '/',
        package: one.name,
        layer: record?.layer ?? 0,
        bytes: entries.reduce((sum, { size }) => sum + size, 0),
        files: entries.filter(({ kind }) => kind === 'file').length,
      }
    })
}

function recordOf(tree: FileTree, { name, arch }: Package): TreeEntry | undefined {
  const info = '/var/lib/dpkg/info'
  return tree.lookup(`${info}/${name}.list`) ?? tree.lookup(`${info}/${name}:${arch ?? ''}.list`)
}
