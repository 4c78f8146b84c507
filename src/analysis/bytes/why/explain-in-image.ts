import type { FileTree, ImageConfig } from '../../../image/index.ts'
import { realDirectory, realFile } from '../../canonical.ts'
import type { Analysis, Category, Link, Package } from '../../types.ts'
import { analyzeImage } from '../analyze-image.ts'
import { type Knowledge, knowledgeOf } from '../facts.ts'
import { mainCategory } from '../package-weights.ts'
import { type Dependencies, dependenciesIn } from './dependencies.ts'
import { type Sorted, whyDirectory, whyGroup } from './groups.ts'
import { loadChain } from './load-chain.ts'
import type { Removal, Why, WhyGroup } from './types.ts'

type Image = { readonly tree: FileTree; readonly config: ImageConfig }

/**
 * @param name an absolute path, a package, a category (`compilers`), or a layer (`layer 3`, 1 = lowest)
 * @returns undefined when there is nothing of that name
 */
export function explainInImage(image: Image, name: string): Why | WhyGroup | undefined {
  const known = knowledgeOf(image.tree, image.config)
  const sorted = new Map<string, Sorted>()
  const analysis = analyzeImage({
    ...{ tree: image.tree, config: image.config, known },
    onFile: (entry, verdict) => sorted.set(entry.path, { entry, verdict }),
  })
  if (name.startsWith('/')) return whyPath({ image, known, analysis, sorted }, name)
  const wanted = packageNamed(known.packages, name)
  if (wanted) return whyPackage({ image, known, analysis, sorted }, wanted)
  return whyGroup(analysis, [...sorted.values()], name)
}

type Facts = {
  readonly image: Image
  readonly known: Knowledge
  readonly analysis: Analysis
  readonly sorted: ReadonlyMap<string, Sorted>
}

/** As written, else as languages normalise names: `Flask` is `flask`. */
function packageNamed(packages: readonly Package[], name: string): Package | undefined {
  const exact = packages.find((one) => one.name === name)
  return exact ?? packages.find((one) => one.name.toLowerCase() === name.toLowerCase())
}

function whyPath(facts: Facts, name: string): Why | WhyGroup | undefined {
  const { image, known, analysis, sorted } = facts
  const real = realFile(image.tree, name) ?? realDirectory(image.tree, name) ?? name
  const entry = image.tree.lookup(real)
  if (!entry) return undefined
  if (entry.kind === 'dir') return whyDirectory(analysis, [...sorted.values()], { name, real })
  const found = sorted.get(real)
  const owner = found?.verdict.package ?? known.database?.ownerOf(real)
  return {
    ...described(facts, found ? [found] : [], owner, new Set([real])),
    ...{ subject: 'file', name, target: real === name ? null : real },
  }
}

function whyPackage(facts: Facts, wanted: Package): Why {
  const files = [...facts.sorted.values()].filter(({ verdict }) => verdict.package === wanted)
  const paths = new Set([...files.map(({ entry }) => entry.path), ...wanted.files])
  return {
    ...described(facts, files, wanted, paths),
    ...{ subject: 'package', name: wanted.name, target: null },
  }
}

function described(
  { image, known, analysis, sorted }: Facts,
  files: readonly Sorted[],
  owner: Package | undefined,
  paths: ReadonlySet<string>,
): Omit<Why, 'subject' | 'name' | 'target'> {
  const { closure, database } = known
  const id = largestCategory(files)
  const category = analysis.categories.find((one) => one.id === id)
  const largest = files
    .filter(({ verdict }) => verdict.category === id)
    .reduce<Sorted | undefined>(
      (best, one) => (best && best.entry.size >= one.entry.size ? best : one),
      undefined,
    )
  const ofSystem = owner && database?.packages.get(owner.name) === owner ? owner : undefined
  const dependencies = ofSystem && database ? dependenciesIn(image, database) : undefined
  const isLoaded = [...paths].some((path) => closure.files.has(path))
  return {
    bytes: files.reduce((sum, { entry }) => sum + entry.size, 0),
    files: files.length,
    category: { id, title: category?.title ?? id, ballast: category?.ballast ?? false },
    evidence: largest?.verdict.evidence ?? 'no bytes of its own',
    confidence: largest?.verdict.confidence ?? 'A',
    layers: [...new Set(files.map(({ entry }) => entry.layer))].sort((a, b) => a - b),
    package: owner ? record(owner, ofSystem ? dependencies : undefined) : null,
    because: ofSystem ? (dependencies?.chainTo(ofSystem) ?? []).map(({ name }) => name) : [],
    neededBy: linkedFrom(closure.links, paths),
    loadedThrough: loadChain(closure.links, closure.roots, paths),
    traced: closure.files.size,
    roots: [...new Set(closure.programs.map(({ name }) => name))],
    started: [...paths].some((path) => closure.started.has(path)),
    goesIf:
      ofSystem && dependencies && !isLoaded
        ? removal(dependencies, ofSystem, [...sorted.values()], new Set(closure.files.keys()))
        : null,
  }
}

function record(one: Package, dependencies: Dependencies | undefined): Why['package'] {
  const names = dependencies?.automatic.names
  return {
    ...{ manager: one.manager, name: one.name, version: one.version },
    source: one.source ?? null,
    section: one.section ?? null,
    priority: one.priority ?? null,
    automatic: names && names.size > 0 ? names.has(one.name) : null,
  }
}

function removal(
  dependencies: Dependencies,
  wanted: Package,
  files: readonly Sorted[],
  loaded: ReadonlySet<string>,
): Removal | null {
  const without = dependencies.withoutIt(wanted)
  if (!without) return null
  const gone = new Set(without.gone)
  const inUse = new Set<Package>()
  let bytes = 0
  for (const { entry, verdict } of files) {
    if (!verdict.package || !gone.has(verdict.package)) continue
    bytes += entry.size
    if (loaded.has(entry.path)) inUse.add(verdict.package)
  }
  return {
    manager: wanted.manager,
    remove: without.asked.map(({ name }) => name),
    packages: gone.size,
    bytes,
    loaded: [...inUse].map(({ name }) => name).sort((a, b) => (a < b ? -1 : 1)),
  }
}

function largestCategory(files: readonly Sorted[]): Category['id'] {
  const sums = new Map<Category['id'], number>()
  for (const { entry, verdict } of files)
    sums.set(verdict.category, (sums.get(verdict.category) ?? 0) + entry.size)
  return mainCategory(sums)
}

function linkedFrom(links: readonly Link[], paths: ReadonlySet<string>): readonly string[] {
  return links
    .filter(({ from, found }) => found !== undefined && paths.has(found) && !paths.has(from))
    .map(({ from, needed }) => `${from} -> ${needed}`)
    .sort((a, b) => (a < b ? -1 : 1))
}
