import type { FileTree, TreeEntry } from '../../image/index.ts'
import { parentOf } from '../canonical.ts'
import type { Package } from '../types.ts'
import { readDotnet } from './dotnet.ts'
import { readJava } from './java.ts'
import { readNode } from './node.ts'
import { readPhp } from './php.ts'
import { readCompiled } from './programs.ts'
import { readPython } from './python.ts'
import { readRuby } from './ruby.ts'
import { type LanguageInput, type Survey, surveyOf } from './survey.ts'
import type { Claim, LanguageFact, LanguageFacts, Reading } from './types.ts'

/** One a language; where two claim the same directory, the first counts. */
const ecosystems: readonly ((survey: Survey) => Reading)[] = [
  readPython,
  readNode,
  readRuby,
  readPhp,
  readJava,
  readDotnet,
  readCompiled,
]

/**
 * What the package managers of languages recorded about the files of a tree, and which of them only development or a
 * build needs. Damaged records say nothing; nothing is thrown.
 */
export function languageFacts(image: LanguageInput): LanguageFacts {
  const { tree } = image
  const survey = surveyOf(image)
  const readings = ecosystems.map((read) => read(survey))
  const claimOf = innermost(readings.flatMap(({ claims }) => claims))
  const files = readings.flatMap((one) => (one.files?.size ? [one.files] : []))
  const loose = readings.flatMap((one) => (one.loose?.size ? [one.loose] : []))
  const of = (entry: TreeEntry): LanguageFact | undefined => {
    const { path } = entry
    const claim = claimIn(files, path) ?? claimOf(path)
    return (
      claim?.classify(below(claim.root, path), entry) ?? claimIn(loose, path)?.classify('', entry)
    )
  }
  return {
    of,
    packages: withFiles(
      tree,
      of,
      readings.flatMap(({ packages }) => packages),
    ),
  }
}

function claimIn(maps: readonly ReadonlyMap<string, Claim>[], path: string): Claim | undefined {
  for (const map of maps) {
    const claim = map.get(path)
    if (claim) return claim
  }
  return undefined
}

/** The claim of the nearest directory above; remembered a directory, because files come by directories. */
function innermost(claims: readonly Claim[]): (path: string) => Claim | undefined {
  if (claims.length === 0) return () => undefined
  const known = new Map<string, Claim | undefined>([['/', undefined]])
  for (const claim of claims) if (!known.get(claim.root)) known.set(claim.root, claim)
  const find = (dir: string): Claim | undefined => {
    if (known.has(dir)) return known.get(dir)
    const claim = find(parentOf(dir))
    known.set(dir, claim)
    return claim
  }
  let last: { readonly dir: string; readonly claim: Claim | undefined } | undefined
  return (path) => {
    const length = Math.max(1, path.lastIndexOf('/'))
    if (last?.dir.length !== length || !path.startsWith(last.dir)) {
      const dir = path.slice(0, length)
      last = { dir, claim: find(dir) }
    }
    return last.claim
  }
}

function below(root: string, path: string): string {
  return path.startsWith(root) && path[root.length] === '/' ? path.slice(root.length + 1) : path
}

/**
 * Packages whose record is a directory get the files that lie in it. That takes a walk, and few ask for the files of
 * packages: it is done when somebody does.
 */
function withFiles(
  tree: FileTree,
  of: (entry: TreeEntry) => LanguageFact | undefined,
  packages: readonly Package[],
): readonly Package[] {
  let lists: ReadonlyMap<Package, readonly string[]> | undefined
  const filesOf = (wanted: Package): readonly string[] => {
    lists ??= filesByPackage(tree, of)
    return lists.get(wanted) ?? []
  }
  // In place: facts name the same packages.
  for (const one of packages)
    if (one.files.length === 0 && one.path !== undefined)
      Object.defineProperty(one, 'files', { enumerable: true, get: () => filesOf(one) })
  return packages
}

function filesByPackage(
  tree: FileTree,
  of: (entry: TreeEntry) => LanguageFact | undefined,
): ReadonlyMap<Package, readonly string[]> {
  const lists = new Map<Package, string[]>()
  for (const entry of tree.walk()) {
    const owner = entry.kind === 'file' ? of(entry)?.package : undefined
    if (!owner) continue
    const list = lists.get(owner)
    if (list) list.push(entry.path)
    else lists.set(owner, [entry.path])
  }
  return lists
}
