import type { FileTree, ImageConfig } from '../../image/index.ts'
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
  /** The package of a language that lists a path. */
  readonly distributions: ReadonlyMap<string, Package>
}

export function knowledgeOf(tree: FileTree, config: ImageConfig): Knowledge {
  const environments = pythonEnvironments(tree, config)
  const closure = runtimeClosure(tree, config, environments)
  const database = systemPackages(tree)
  const languages = environments.flatMap(asPackages)
  const distributions = new Map<string, Package>()
  for (const one of languages)
    for (const path of one.files) if (!distributions.has(path)) distributions.set(path, one)
  const packages = [...(database?.packages.values() ?? []), ...languages]
  return { database, environments, closure, packages, distributions }
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
    distributions: known.distributions,
    standardLibraries: environments.flatMap(standardLibrariesOf),
    siteDirectories: environments.flatMap(({ sitePackages }) => sitePackages),
    appRoots: appRootsOf(config, closure.programs),
    languages: languagesOf(config.config.Env ?? []),
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

function asPackages({ distributions }: PythonEnvironment): readonly Package[] {
  return distributions.map(({ key, version, requires, files }) => ({
    manager: 'pip',
    name: key,
    version,
    depends: requires.map((name) => [name]),
    provides: [],
    files,
  }))
}
