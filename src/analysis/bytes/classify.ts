import type { FileTree, TreeEntry } from '../../image/index.ts'
import { kindOfPackage, type PackageKind } from '../packages/index.ts'
import { type Sign, signOf } from '../tools/index.ts'
import type { CategoryId, Classification, Package } from '../types.ts'

/** What is known about a tree before its files are sorted into categories. */
export type Facts = {
  readonly tree: FileTree
  readonly ownerOf: (path: string) => Package | undefined
  /** Names of essential system packages and what they depend on. */
  readonly base: ReadonlySet<string>
  /** Names of system packages that nothing but build packages brought in. */
  readonly orphans: ReadonlySet<string>
  /** Real paths that the running app loads. */
  readonly runtime: ReadonlySet<string>
  /** Packages with a file in `runtime`. */
  readonly runtimePackages: ReadonlySet<string>
  /** `Flask 3.0.0` by file of a distribution. */
  readonly distributions: ReadonlyMap<string, string>
  /** Directories of interpreters' own libraries: `/usr/local/lib/python3.11`. */
  readonly standardLibraries: readonly string[]
  readonly siteDirectories: readonly string[]
}

type Found = Pick<Classification, 'category' | 'what'>

const metadata = /^\/(?:var\/lib\/dpkg|lib\/apk|usr\/lib\/apk|var\/lib\/rpm|usr\/lib\/sysimage)\//
const copyright = /^\/usr\/share\/doc\/[^/]+\/copyright$/
const docs =
  /^\/usr\/(?:local\/)?share\/(?:doc|man|info|gtk-doc|help|lintian|linda|locale|i18n\/locales)\/|^\/usr\/lib\/locale\/locale-archive/
const temporary = /^\/(?:tmp|var\/tmp|var\/log|var\/cache)\//
const debugSymbols = /^\/usr\/lib\/debug\/|\.(?:debug|dwo|dwp)$/
const toolchains =
  /^\/usr\/local\/(?:go|cargo|rustup)\/|^\/(?:root|home\/[^/]+)\/\.(?:cargo|rustup)\/|^\/usr\/lib\/jvm\/[^/]+\/(?:jmods|include|lib\/src\.zip|lib\/ct\.sym)/

/**
 * Exactly one category for every regular file; the first rule that fits decides: repository data, caches, package
 * records, documentation, then the owning package, the language package, and at last the path. What the running app
 * loads is never ballast, whatever package it comes from.
 */
export function classify(facts: Facts, entry: TreeEntry): Classification {
  const owner = facts.ownerOf(entry.path)
  const evidence = owner ? `${owner.manager}: ${owner.name}` : 'path'
  return { ...decide(facts, entry), evidence, confidence: owner ? 'A' : 'B' }
}

function decide(facts: Facts, entry: TreeEntry): Found {
  const { path } = entry
  const sign = signOf(facts.tree, entry)
  if (sign === 'vcs' || sign === 'package-cache')
    return { category: categoryOfSign[sign], what: topOf(path) }
  if (metadata.test(path) || copyright.test(path))
    return { category: 'package-metadata', what: topOf(path) }
  const owner = facts.ownerOf(path)
  if (docs.test(path)) return { category: 'docs-and-locales', what: nameOfOwner(owner, path) }
  if (facts.runtime.has(path)) return rescued(facts, path, owner)
  if (path.endsWith('.pyc')) return bytecode(facts, path)
  if (owner) return { category: ofPackage(facts, owner, sign), what: nameOfOwner(owner, path) }
  return unowned(facts, entry, sign)
}

const categoryOfSign: Readonly<Record<Sign, CategoryId>> = {
  compiler: 'compilers',
  headers: 'headers',
  'static-libraries': 'static-libraries',
  'package-cache': 'package-caches',
  vcs: 'vcs',
}

const categoryOfKind: Readonly<Record<PackageKind, CategoryId>> = {
  base: 'base-system',
  debug: 'debug-tools',
  headers: 'dev-libraries',
  tool: 'compilers',
  'tool-library': 'tool-dependencies',
  vcs: 'vcs',
  docs: 'docs-and-locales',
  locales: 'docs-and-locales',
  bytecode: 'bytecode',
  extras: 'docs-and-locales',
  runtime: 'runtime',
}

const debuggers = /^(?:gdb|strace|ltrace|valgrind)(?:-.*)?$/

function ofPackage(facts: Facts, owner: Package, sign: Sign | undefined): CategoryId {
  const kind = kindOfPackage(owner)
  if (kind === 'base' || facts.base.has(owner.name)) return 'base-system'
  if (sign === 'headers' || sign === 'static-libraries') return categoryOfSign[sign]
  if (facts.runtimePackages.has(owner.name)) return 'runtime'
  if (kind === 'tool' && debuggers.test(owner.name)) return 'debug-tools'
  if (kind === 'runtime' && facts.orphans.has(owner.name)) return 'tool-dependencies'
  return categoryOfKind[kind]
}

function rescued(facts: Facts, path: string, owner: Package | undefined): Found {
  const distribution = facts.distributions.get(path)
  if (distribution !== undefined)
    return { category: 'language-packages', what: `${distribution} (pip)` }
  const base = owner !== undefined && facts.base.has(owner.name)
  return { category: base ? 'base-system' : 'runtime', what: nameOfOwner(owner, path) }
}

/** Compiled Python belongs to its source; it costs bytes and saves start-up time, so it is not ballast by itself. */
function bytecode(facts: Facts, path: string): Found {
  const source = path
    .replace(/__pycache__\/([^/.]+)\.[^/]*\.pyc$/, '$1.py')
    .replace(/\.pyc$/, '.py')
  const owner = facts.ownerOf(source) ?? facts.ownerOf(path)
  const category = owner && ofPackage(facts, owner, undefined)
  const ballast = category !== undefined && category !== 'runtime' && category !== 'base-system'
  return {
    category: ballast ? category : 'bytecode',
    what: facts.distributions.get(source) ?? nameOfOwner(owner, path),
  }
}

function unowned(facts: Facts, entry: TreeEntry, sign: Sign | undefined): Found {
  const { path, layer } = entry
  const distribution = facts.distributions.get(path)
  if (distribution !== undefined)
    return { category: 'language-packages', what: `${distribution} (pip)` }
  const what = topOf(path)
  if (sign !== undefined) return { category: categoryOfSign[sign], what }
  if (debugSymbols.test(path)) return { category: 'debug-tools', what }
  if (toolchains.test(path)) return { category: 'compilers', what }
  const inside = (dir: string): boolean => path[dir.length] === '/' && path.startsWith(dir)
  if (facts.siteDirectories.some(inside) || path.includes('/node_modules/'))
    return { category: 'language-packages', what }
  if (facts.standardLibraries.some(inside)) return { category: 'runtime', what }
  if (temporary.test(path)) return { category: 'package-caches', what }
  const system = /^\/(?:etc|var|usr\/(?!local\/|src\/)|lib|lib64|bin|sbin|boot|run)(?:\/|$)/.test(
    path,
  )
  if (system) return { category: layer === 0 ? 'base-system' : 'other', what }
  return { category: 'app', what }
}

function nameOfOwner(owner: Package | undefined, path: string): string {
  return owner ? `${owner.name} (${owner.manager})` : topOf(path)
}

/** The directory that a person would name: three components in system directories, two elsewhere. */
function topOf(path: string): string {
  const depth = /^\/(?:usr|var|root|home|lib)\//.test(path) ? 3 : 2
  let end = 0
  for (let part = 0; part < depth; part += 1) {
    const next = path.indexOf('/', end + 1)
    if (next < 0) break
    end = next
  }
  return end === 0 ? path : path.slice(0, end)
}
