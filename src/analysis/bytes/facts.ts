import type { FileTree, ImageConfig } from '../../image/index.ts'
import { type LanguageFacts, languageFacts } from '../languages/index.ts'
import { reachableFrom, systemPackages } from '../packages/index.ts'
import { pythonEnvironments } from '../python/index.ts'
import type { Package, PackageDatabase, PythonEnvironment } from '../types.ts'
import { appRootsOf } from './app-roots.ts'
import type { Facts } from './classify.ts'
import { authorsIn } from './generated.ts'
import { baseNames, orphansOf } from './orphans.ts'
import { type PackageFacts, packageRules } from './package-rules.ts'
import { languagesOf } from './path-rules.ts'
import { type RuntimeClosure, runtimeClosure, standardLibrariesOf } from './runtime-files.ts'

/** What is read of a tree before any file is looked at. */
export type Knowledge = {
  readonly database: PackageDatabase | undefined
  readonly environments: readonly PythonEnvironment[]
  readonly closure: RuntimeClosure
  /** Packages of the system and of languages. */
  readonly packages: readonly Package[]
  readonly languages: LanguageFacts
}

export function knowledgeOf(tree: FileTree, config: ImageConfig): Knowledge {
  const environments = pythonEnvironments(tree, config)
  const database = systemPackages(tree)
  const isOwned = (path: string): boolean => database?.ownerOf(path) !== undefined
  const closure = runtimeClosure(tree, config, environments, isOwned)
  const { programs } = closure
  const languages = languageFacts({ tree, config, environments, isOwned, programs })
  const packages = [...(database?.packages.values() ?? []), ...languages.packages]
  return { database, environments, closure, packages, languages }
}

export function factsOf(tree: FileTree, config: ImageConfig, known: Knowledge): Facts {
  const { database, environments, closure } = known
  const ownerOf = database?.ownerOf ?? (() => undefined)
  return {
    tree,
    ownerOf,
    ofPackage: packageRules(packageFacts(tree, config, database, closure.files.keys())),
    authorOf: authorsIn(tree, database?.packages ?? new Map(), ownerOf),
    runtime: closure.files,
    markOf: (path) => database?.markOf?.(path),
    languages: known.languages,
    standardLibraries: environments.flatMap(standardLibrariesOf),
    siteDirectories: environments.flatMap(({ sitePackages }) => sitePackages),
    appRoots: appRootsOf(config, closure.programs),
    spoken: languagesOf(config.config.Env ?? []),
  }
}

export function packageFacts(
  tree: FileTree,
  config: ImageConfig,
  database: PackageDatabase | undefined,
  files: Iterable<string>,
): PackageFacts {
  if (!database)
    return { base: new Set(), orphans: new Map(), loaded: new Set(), supporting: new Set() }
  const loaded = new Set<string>()
  const start: Package[] = []
  for (const path of files) {
    const owner = database.ownerOf(path)
    if (!owner || loaded.has(owner.name)) continue
    loaded.add(owner.name)
    start.push(owner)
  }
  const base = baseNames(database)
  for (const name of base) {
    const one = database.packages.get(name)
    if (one) start.push(one)
  }
  const supporting = new Set([...reachableFrom(database, start)].map(({ name }) => name))
  const history = config.history.map(({ created_by }) => created_by ?? '')
  return { base, orphans: orphansOf(tree, database, loaded, history), loaded, supporting }
}
