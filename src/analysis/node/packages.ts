import type { FileTree, TreeEntry } from '../../image/index.ts'
import { join, nameOf, parentOf, realDirectory } from '../canonical.ts'
import { textAt } from '../text.ts'

/** An installed npm package: a directory with a package.json below a `node_modules`. */
export type NodePackage = {
  readonly name: string
  readonly version: string
  /** Real directory. */
  readonly path: string
  /** Native addons (`*.node`) below the directory and outside of nested packages. */
  readonly natives: readonly string[]
}

/** A directory whose package.json is the project's own and that has a `node_modules` beside it. */
export type NodeProject = {
  readonly path: string
  /** Real directories of everything that its `dependencies` reach; development dependencies are not followed. */
  readonly production: ReadonlySet<string>
}

export type NodeModules = {
  readonly packages: readonly NodePackage[]
  readonly projects: readonly NodeProject[]
}

type Manifest = {
  readonly name?: string
  readonly version?: string
  readonly dependencies?: Readonly<Record<string, string>>
  readonly optionalDependencies?: Readonly<Record<string, string>>
  readonly peerDependencies?: Readonly<Record<string, string>>
  readonly devDependencies?: Readonly<Record<string, string>>
}

/** What node-gyp links before it puts the addon into its place. */
const between = /\/obj\.target\/|\/build-tmp-[\w-]+\//

/** Where yarn keeps unpacked packages for the next project. */
const cache = /\/\.cache\/(?:yarn|pnpm)\//

/** `…/node_modules/name`, `…/node_modules/@scope/name`, and nothing below that. */
const packageFolder = /\/node_modules\/(?:@[^/]+\/)?[^/@.][^/]*$/

/**
 * Packages that npm, pnpm or yarn installed, and the projects they were installed for. `entries` are those of the
 * tree; links (pnpm's, workspaces') are followed to the real directory. Yarn's Plug'n'Play has no such directories.
 */
export function nodeModules(tree: FileTree, entries: Iterable<TreeEntry>): NodeModules {
  const manifests: string[] = []
  const roots = new Set<string>()
  const natives: string[] = []
  for (const { path, kind } of entries) {
    if (kind === 'dir' && path.endsWith('/node_modules') && !cache.test(path))
      roots.add(parentOf(path))
    if (kind !== 'file' || cache.test(path)) continue
    if (path.endsWith('/package.json')) manifests.push(path)
    else if (path.endsWith('.node') && path.includes('/node_modules/') && !between.test(path))
      natives.push(path)
  }
  const owned = byPackage(natives)
  const packages = manifests
    .filter((path) => packageFolder.test(parentOf(path)))
    .map((path) => packageAt(tree, path, owned))
    .filter((found) => found !== undefined)
  const projects = [...roots]
    .filter((path) => !path.includes('/node_modules'))
    .filter((path) => tree.lookup(join(path, 'package.json'))?.kind === 'file')
    .map((path) => projectAt(tree, path))
  return { packages, projects }
}

/** What production reaches takes a look-up for every dependency of every package, and not everybody asks. */
function projectAt(tree: FileTree, path: string): NodeProject {
  let reached: ReadonlySet<string> | undefined
  return {
    path,
    get production() {
      reached ??= productionOf(tree, path)
      return reached
    },
  }
}

function packageAt(
  tree: FileTree,
  manifest: string,
  natives: ReadonlyMap<string, readonly string[]>,
): NodePackage | undefined {
  const path = parentOf(manifest)
  const { name, version } = manifestAt(tree, path) ?? {}
  // A package.json that only says `"type": "module"` marks a directory and names no package.
  if (typeof name !== 'string' || typeof version !== 'string') return undefined
  return { name, version, path, natives: natives.get(path) ?? [] }
}

/** By the innermost package directory above each file. */
function byPackage(files: readonly string[]): ReadonlyMap<string, readonly string[]> {
  const out = new Map<string, string[]>()
  for (const file of files) {
    let dir = parentOf(file)
    while (dir !== '/' && !packageFolder.test(dir)) dir = parentOf(dir)
    const known = out.get(dir)
    if (known) known.push(file)
    else out.set(dir, [file])
  }
  return out
}

/** Node's own algorithm: `node_modules` of the directory, then of each one above it (nodejs.org/api/modules). */
function resolvedFrom(tree: FileTree, from: string, name: string): string | undefined {
  for (let dir = from; ; dir = parentOf(dir)) {
    if (nameOf(dir) !== 'node_modules') {
      const found = installedAt(tree, join(dir, 'node_modules'), name)
      if (found !== undefined) return found
    }
    if (dir === '/') return undefined
  }
}

/** Workspaces are links in `node_modules` to directories of the project: what they depend on is production, too. */
function productionOf(tree: FileTree, project: string): ReadonlySet<string> {
  return reachedFrom(tree, [project, ...workspacesOf(tree, project)])
}

/** Real directories of the given packages and of everything that their dependencies reach, as Node resolves names. */
export function reachedFrom(tree: FileTree, start: readonly string[]): ReadonlySet<string> {
  const reached = new Set<string>()
  const pending = [...start]
  for (let here = pending.pop(); here !== undefined; here = pending.pop()) {
    if (reached.has(here)) continue
    reached.add(here)
    const { dependencies, optionalDependencies, peerDependencies } = manifestAt(tree, here) ?? {}
    pending.push(
      ...resolvedNames(tree, here, {
        ...dependencies,
        ...optionalDependencies,
        ...peerDependencies,
      }),
    )
  }
  return reached
}

/** Look-ups follow no links, so most answers come from one: only a link on the way has to be followed. */
function installedAt(tree: FileTree, modules: string, name: string): string | undefined {
  const path = join(modules, name)
  const kind = tree.lookup(path)?.kind
  if (kind === 'dir') return path
  const scope = join(modules, name.slice(0, Math.max(0, name.indexOf('/'))))
  const isLinked = [modules, scope].some((one) => tree.lookup(one)?.kind === 'symlink')
  return kind === 'symlink' || isLinked ? realDirectory(tree, path) : undefined
}

/** What only the `devDependencies` of a project and its workspaces lead to: production needs nothing of it. */
export function developmentOf(
  tree: FileTree,
  { path, production }: NodeProject,
): ReadonlySet<string> {
  const start = [path, ...workspacesOf(tree, path)].flatMap((here) =>
    resolvedNames(tree, here, manifestAt(tree, here)?.devDependencies ?? {}),
  )
  return new Set([...reachedFrom(tree, start)].filter((one) => !production.has(one)))
}

function resolvedNames(
  tree: FileTree,
  from: string,
  wanted: Readonly<Record<string, string>>,
): readonly string[] {
  return Object.keys(wanted).flatMap((name) => resolvedFrom(tree, from, name) ?? [])
}

function workspacesOf(tree: FileTree, project: string): readonly string[] {
  const modules = join(project, 'node_modules')
  const names = tree
    .readdir(modules)
    .flatMap((name) =>
      name.startsWith('@')
        ? tree.readdir(join(modules, name)).map((one) => `${name}/${one}`)
        : [name],
    )
  return names
    .filter((name) => tree.lookup(join(modules, name))?.kind === 'symlink')
    .map((name) => realDirectory(tree, join(modules, name)))
    .filter((path) => path !== undefined)
    .filter((path) => !path.includes('/node_modules/'))
}

/** Read once a tree: what production reaches, what development does, and what is installed ask for the same files. */
const manifests = new WeakMap<FileTree, Map<string, Manifest | undefined>>()

function manifestAt(tree: FileTree, dir: string): Manifest | undefined {
  const known = manifests.get(tree) ?? new Map<string, Manifest | undefined>()
  if (known.has(dir)) return known.get(dir)
  manifests.set(tree, known)
  const manifest = readManifest(tree, dir)
  known.set(dir, manifest)
  return manifest
}

function readManifest(tree: FileTree, dir: string): Manifest | undefined {
  const text = textAt(tree, join(dir, 'package.json'), 4 * 1024 * 1024)
  if (text === undefined) return undefined
  try {
    const value: unknown = JSON.parse(text)
    return typeof value === 'object' && value !== null ? (value as Manifest) : undefined
  } catch {
    return undefined
  }
}
