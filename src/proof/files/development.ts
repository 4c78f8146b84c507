import { builtinModules } from 'node:module'
import {
  isBesidePacked,
  isOfCarriedPackage,
  type NodePackage,
  type PackedServer,
  packedServer,
  runsSources,
} from '../../analysis/index.ts'
import type { TreeEntry } from '../../image/index.ts'
import type { Side } from '../side.ts'
import { appSources, appTexts } from './imports.ts'

/** Files that test, lint or build: an import there does not bring a package to run time. */
const notRun =
  /\/(?:__tests__|__mocks__|tests?|specs?|e2e|cypress|scripts|\.storybook)\/|\.(?:test|spec|stories|config|conf|d)\.[cm]?[jt]sx?$|\/(?:gulpfile|gruntfile|webpack[\w.]*|rollup[\w.]*|\.\w+rc)\.[cm]?js$/i

/** Objects, project files and, of node-pre-gyp, a second build folder. The addon itself lies in `Release` or `lib`. */
const nodeGyp =
  /\/build\/(?:Release|Debug)\/(?:obj|obj\.target|\.deps)(?:\/|$)|\/build-tmp-[\w-]+(?:\/|$)|\/build\/(?:(?:[\w.-]+\.)?Makefile|[\w.-]+\.mk|config\.gypi|gyp-[\w-]+-tool)$/

/**
 * Files of packages that only development needs: no `dependencies` of the project reach them, no source that lean
 * could run imports them, and the image starts none of their programs.
 */
export function developmentOnly({ path, kind, link }: TreeEntry, side: Side): string | undefined {
  if (/\/\.next\/cache(?:\/|$)/.test(path)) return 'cache of a build tool'
  if (isBesidePackedServer(path, side))
    return 'of a build whose server carries what it loads in a folder of its own'
  if (!path.includes('/node_modules/')) return undefined
  if (
    /\/node_modules\/(?:\.package-lock\.json|\.yarn-integrity|\.yarn-state\.yml|\.modules\.yaml|\.pnpm-workspace-state[\w-]*\.json|\.pnpm\/lock\.yaml)$/.test(
      path,
    )
  )
    return 'records of the package manager'
  if (/\/node_modules\/\.cache(?:\/|$)/.test(path)) return 'cache of a build tool'
  if (nodeGyp.test(path)) return 'left by node-gyp beside the addon that it built'
  const unneeded = unneededPackages(side)
  const target =
    kind === 'symlink'
      ? folded(path, link ?? '')
      : ((kind === 'file' ? shimmed(path, side) : undefined) ?? path)
  for (let at = target; at.includes('/node_modules/'); at = at.slice(0, at.lastIndexOf('/')))
    if (unneeded.has(at)) return 'a package that only development needs'
  return undefined
}

/** What a start script of pnpm runs, which writes one where npm makes a link; undefined for other files. */
function shimmed(path: string, { tree }: Side): string | undefined {
  if (!/\/node_modules\/\.bin\/[^/]+$/.test(path)) return undefined
  const text = new TextDecoder().decode(tree.read(path))
  const to = /"\$basedir\/(\.\.\/[^"]+)"/.exec(text)?.[1]
  return to === undefined ? undefined : realOfParents(folded(path, to), tree)
}

/** pnpm's packages are links to the folders where it keeps them. */
function realOfParents(path: string, tree: Side['tree']): string {
  const parts = path.split('/')
  for (let end = 2; end <= parts.length; end++) {
    const here = parts.slice(0, end).join('/')
    const entry = tree.lookup(here)
    if (entry?.kind === 'symlink')
      return [folded(here, entry.link ?? ''), ...parts.slice(end)].join('/')
  }
  return path
}

const known = new WeakMap<Side, ReadonlySet<string>>()

/** Real directories of packages that only development needs. */
export function unneededPackages(side: Side): ReadonlySet<string> {
  const found = known.get(side)
  if (found) return found
  const { packages, projects } = side.nodeModules()
  const wanted = new Set([...importedNames(side), ...quotedNames(side)])
  // Node takes its own module of that name, whatever lies in node_modules.
  for (const name of builtinModules) wanted.delete(name)
  const started = side.programs().flatMap((one) => [one.path ?? '', ...one.files])
  const reached = new Set(projects.flatMap(({ production }) => [...production]))
  const inUse = ({ path, name }: NodePackage): boolean =>
    wanted.has(name) || started.some((file) => realOf(side, file).startsWith(`${path}/`))
  const unreached = packages.filter(
    ({ path }) =>
      projects.some((project) => path.startsWith(`${project.path}/node_modules/`)) &&
      !reached.has(path),
  )
  // What a package that has to stay needs itself stays with it: its own dependencies are not known to be unused.
  const stays = unreached.some(inUse)
  const copied = packages.filter(({ path }) => isBesidePackedServer(path, side))
  const result = new Set([...(stays ? [] : unreached), ...copied].map(({ path }) => path))
  known.set(side, result)
  return result
}

const packedServers = new WeakMap<Side, PackedServer | null>()

/** True for what a server does without that carries what it loads in a folder of its own. */
export function isBesidePackedServer(path: string, side: Side): boolean {
  const packed = packedServerOf(side)
  return packed !== null && isBesidePacked(side.tree, packed, path)
}

/** True for a file of a package outside of such a folder that has a copy of the package inside. */
export function isCarriedByServer(path: string, side: Side): boolean {
  const packed = packedServerOf(side)
  return packed !== null && isOfCarriedPackage(side.tree, packed, path)
}

function packedServerOf(side: Side): PackedServer | null {
  if (!packedServers.has(side)) packedServers.set(side, packedServer(side.programs()))
  return packedServers.get(side) ?? null
}

/** Package names that sources of the app import or require, also `@scope/name/file` as `@scope/name`. */
function importedNames(side: Side): ReadonlySet<string> {
  const out = new Set<string>()
  const typed = runsSources(side.programs())
  const pattern =
    /(?:\brequire(?:\.resolve)?\s*\(|\bimport\s*\(|\bfrom\s|\bimport\s)\s*['"]((?:@[\w.-]+\/)?[\w.-]+)/g
  for (const { path, text } of appSources(side)) {
    if (!/\.[cm]?[jt]sx?$/.test(path) || notRun.test(path)) continue
    if (/\.[cm]?tsx?$/.test(path) && !typed) continue
    for (const [, name] of text.matchAll(pattern)) if (name !== undefined) out.add(name)
  }
  return out
}

/** A module whose name is only known at run time. */
const computed = /\b(?:require|import)\s*\(\s*(?!['"`\s/])[\w$.[\]]+\s*[),]/

/**
 * Names in quotes in sources and settings, when a source loads modules by computed names: `require(settings.plugin)`
 * loads one of them.
 */
function quotedNames(side: Side): ReadonlySet<string> {
  const out = new Set<string>()
  const loads = ({ path, text }: { readonly path: string; readonly text: string }): boolean =>
    /\.[cm]?js$/.test(path) && !notRun.test(path) && computed.test(text)
  if (!appTexts(side).some(loads)) return out
  for (const { path, text } of appTexts(side)) {
    if (!/\.(?:[cm]?js|json|ya?ml|toml)$/.test(path) || notRun.test(path) || ofTools.test(path))
      continue
    for (const [, name] of text.matchAll(/['"]((?:@[\w.-]+\/)?[\w.-]+)['"]/g))
      if (name !== undefined) out.add(name)
    for (const [, name] of text.matchAll(/(?:\bnpx\s+|\.bin\/)((?:@[\w.-]+\/)?[\w.-]+)/g))
      if (name !== undefined) out.add(name)
  }
  return out
}

/** Settings that name development dependencies and that only tools read. */
const ofTools =
  /\/(?:package(?:-lock)?|npm-shrinkwrap|tsconfig[\w.-]*|jsconfig|nest-cli|angular|lerna|turbo|nx|biome|deno|renovate|\.[\w.-]+rc(?:\.\w+)?)\.?json$|\/(?:pnpm-lock|pnpm-workspace|\.\w[\w.-]*)\.ya?ml$|\/\.(?:github|vscode|husky)\//

function realOf({ tree }: Side, path: string): string {
  const link = tree.lookup(path)
  return link?.kind === 'symlink' ? folded(path, link.link ?? '') : path
}

/** Where a link leads, by text: those of package managers are relative and point at plain directories. */
function folded(path: string, link: string): string {
  const parts = link.startsWith('/') ? [] : path.split('/').slice(0, -1)
  for (const part of link.split('/')) {
    if (part === '..') parts.pop()
    else if (part !== '.' && part !== '') parts.push(part)
  }
  return `/${parts.filter(Boolean).join('/')}`
}
