import type { FileTree, TreeEntry } from '../../image/index.ts'
import type { LanguageFacts } from '../languages/index.ts'
import { cacheOf, signOf } from '../tools/index.ts'
import type { Classification, FileMark, Package } from '../types.ts'
import type { Author } from './generated.ts'
import { magicRule } from './magic.ts'
import type { PackageRules, Part } from './package-rules.ts'
import { docsPart, isSystemPlace, partOf, placeRule, type Rule, recordRule } from './path-rules.ts'

/** What is known about a tree before its files are sorted into categories. */
export type Facts = {
  readonly tree: FileTree
  readonly ownerOf: (path: string) => Package | undefined
  readonly ofPackage: PackageRules
  /** Who wrote a file that no package lists. */
  readonly authorOf: (path: string) => Author | undefined
  /** Real paths that the running app loads, and why. */
  readonly runtime: ReadonlyMap<string, string>
  /** What the owner's record says of a file besides. */
  readonly markOf: (path: string) => FileMark | undefined
  readonly languages: LanguageFacts
  /** Directories of interpreters' own libraries: `/usr/local/lib/python3.11`. */
  readonly standardLibraries: readonly string[]
  readonly siteDirectories: readonly string[]
  /** Directories of the app itself. */
  readonly appRoots: readonly string[]
  /** Languages that the image's locale settings name. */
  readonly spoken: ReadonlySet<string>
}

/**
 * Exactly one category for every regular file, with what says so; the first rule that fits decides: what the running app
 * loads, which is never ballast whatever it looks like; repository data and caches; package records and licences;
 * documentation; the owning package; the language package; the app's own directories; and at last place and content.
 * What no rule knows is the app's, which is never ballast.
 */
export function classify(facts: Facts, entry: TreeEntry): Classification {
  const { path } = entry
  const loaded = facts.runtime.get(path)
  if (loaded !== undefined) return rescued(facts, entry, loaded)
  const sign = signOf(facts.tree, entry)
  if (sign === 'vcs') return made(['vcs', 'path: repository data', 'B'], path)
  // What one image can fetch again, another builds with whenever it starts (mvn, go run): the language knows.
  if (sign === 'package-cache') return facts.languages.of(entry) ?? cached(path)
  if (path.endsWith('.pyc')) return bytecode(facts, entry)
  const owner = facts.ownerOf(path)
  const record = recordRule(path)
  if (record) return { ...made(record, path), ...(owner ? { package: owner } : {}) }
  const mark = facts.markOf(path)
  if (owner && mark === 'licence')
    return { ...made(['package-metadata', 'record: licence', 'A'], path), package: owner }
  const text = mark === 'documentation' ? 'docs' : docsPart(path, facts.spoken)
  if (text === 'spoken') return made(['runtime', "path: a locale of the image's LANG", 'B'], path)
  if (text) return owner ? facts.ofPackage(owner, text) : made(docsRules[text], path)
  const part = sign === 'headers' || sign === 'static-libraries' ? sign : partOf(path)
  if (owner) return facts.ofPackage(owner, part)
  const known =
    facts.languages.of(entry) ?? (part === undefined ? inPackages(facts, path) : undefined)
  return known ?? unowned(facts, entry, part, sign === 'compiler')
}

function cached(path: string): Classification {
  return made(['package-caches', `path: ${cacheOf(path)?.name ?? 'package cache'}`, 'B'], path)
}

const docsRules: Readonly<Record<'docs' | 'translations', Rule>> = {
  docs: ['docs-and-locales', 'path: documentation', 'B'],
  translations: ['docs-and-locales', 'path: translations', 'B'],
}

/** What the running app loads keeps its place beside its package, and is never ballast. */
function rescued(facts: Facts, entry: TreeEntry, evidence: string): Classification {
  const { path } = entry
  const owner = facts.ownerOf(path)
  if (owner) {
    const usual = facts.ofPackage(owner, undefined)
    const category = usual.category === 'base-system' ? 'base-system' : 'runtime'
    return { ...usual, category, evidence, confidence: 'A' }
  }
  const fact = facts.languages.of(entry)
  if (fact?.package) return { ...fact, category: 'language-packages', evidence, confidence: 'A' }
  return made([isOfApp(facts, path) ? 'app' : 'runtime', evidence, 'A'], path)
}

/** Compiled Python belongs to its source; it costs bytes and saves start-up time, so it is not ballast by itself. */
function bytecode(facts: Facts, entry: TreeEntry): Classification {
  const { path } = entry
  const owner = facts.ownerOf(sourceOf(path)) ?? facts.ownerOf(path)
  if (owner) return facts.ofPackage(owner, 'bytecode')
  return facts.languages.of(entry) ?? made(['bytecode', 'compiled from its source', 'B'], path)
}

const cache = '/__pycache__/'

/** `/a/__pycache__/b.cpython-311.pyc` and `/a/b.pyc` → `/a/b.py` (PEP 3147). */
function sourceOf(path: string): string {
  const at = path.lastIndexOf(cache)
  if (at < 0) return path.slice(0, -1)
  const name = path.slice(at + cache.length)
  return `${path.slice(0, at)}/${name.slice(0, name.indexOf('.'))}.py`
}

/** Where packages of languages lie without a record that can be read. */
function inPackages(facts: Facts, path: string): Classification | undefined {
  if (facts.siteDirectories.some((dir) => isInside(path, dir)) || path.includes('/node_modules/'))
    return made(['language-packages', 'path: a directory of packages', 'B'], path)
  if (facts.standardLibraries.some((dir) => isInside(path, dir)))
    return made(['runtime', "path: the interpreter's own library", 'B'], path)
  return undefined
}

/** The app's own directories come before every sign of a name: its `include/` and `tests/` are its own. */
function unowned(
  facts: Facts,
  entry: TreeEntry,
  part: Part | undefined,
  compiler: boolean,
): Classification {
  const { path, layer } = entry
  if (isOfApp(facts, path))
    return made(
      magicRule(facts.tree, entry, true) ?? ['app', "path: the app's directory", 'B'],
      path,
    )
  const rule = signRule(part, compiler) ?? placeRule(path)
  if (rule) return made(rule, path)
  const system = isSystemPlace(path)
  const author = system || path.startsWith('/root/.') ? facts.authorOf(path) : undefined
  if (author) return generated(facts, author)
  const magic = magicRule(facts.tree, entry, false)
  if (magic) return made(magic, path)
  if (!system) return made(['app', 'nobody owns it', 'C'], path)
  return made([layer === 0 ? 'base-system' : 'other', 'path: a system directory', 'C'], path)
}

function signRule(part: Part | undefined, compiler: boolean): Rule | undefined {
  if (compiler) return ['compilers', 'path: a build tool by name', 'B']
  if (part === 'headers') return ['headers', 'path: headers', 'B']
  if (part === 'static-libraries') return ['static-libraries', 'path: for linking', 'B']
  return part === 'tests' ? ['tests', 'path: tests of a package', 'B'] : undefined
}

function generated(facts: Facts, { owner, how }: Author): Classification {
  const usual = facts.ofPackage(owner, undefined)
  const confidence = usual.confidence === 'A' ? 'B' : usual.confidence
  return { ...usual, evidence: `${how}: ${owner.name}`, confidence }
}

function isOfApp({ appRoots }: Facts, path: string): boolean {
  return appRoots.some((dir) => isInside(path, dir))
}

function isInside(path: string, dir: string): boolean {
  return path[dir.length] === '/' && path.startsWith(dir)
}

function made([category, evidence, confidence]: Rule, path: string): Classification {
  return { category, what: topOf(path), evidence, confidence }
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
