import { nameOf, parentOf } from '../canonical.ts'
import { buildOnly, topModulesOf } from '../python/index.ts'
import type { Package, PythonDistribution, PythonEnvironment } from '../types.ts'
import { pythonPrograms } from './interpreters.ts'
import { pythonUses } from './python-uses.ts'
import { type FactMaker, factsOf, nativeRules, ruleFinder } from './rules.ts'
import type { Survey } from './survey.ts'
import type { Claim, LanguageFact, Reading } from './types.ts'

/** Tests deep inside packages are usual in Python; a module `test` may be part of what it offers (django.test). */
const inDistribution = ruleFinder([
  {
    pattern: /(?:^|\/)(?:tests|testdata|examples?|benchmarks?)\//,
    category: 'tests',
    why: 'its own tests and examples',
  },
  ...nativeRules,
  { pattern: /\.(?:pyx|pxd|pxi|f2py)$/, category: 'headers', why: 'sources for Cython' },
  { pattern: /\.pyi$/, category: 'headers', why: 'types that only a type checker reads' },
])

const inStandardLibrary = ruleFinder([
  {
    pattern: /^ensurepip\//,
    category: 'dev-dependencies',
    why: 'copies of pip for new environments',
  },
  {
    pattern: /^(?:idlelib|turtledemo|lib2to3)\//,
    category: 'dev-dependencies',
    why: 'an editor, a demonstration or a translator for developers',
  },
  { pattern: /^(?:test|(?:.+\/)tests?)\//, category: 'tests', why: "Python's own tests" },
  ...nativeRules,
])

const buildTool = {
  category: 'dev-dependencies',
  why: 'installs or builds packages; nothing that stays requires, imports or starts it',
} as const

/**
 * Distributions by their RECORD, what installers left beside them, and the parts of the standard library that no app
 * imports. pip, setuptools and build backends count as tools unless something that stays asks for them.
 */
export function readPython(survey: Survey): Reading {
  const packages: Package[] = []
  const claims: Claim[] = []
  const files = new Map<string, Claim>()
  for (const environment of survey.environments) {
    const { distributions, sitePackages } = environment
    const tops = new Map(distributions.map((one) => [one, topModulesOf(one)]))
    const topsOf = (one: PythonDistribution): ReadonlySet<string> => tops.get(one) ?? new Set()
    const tools = new Set(buildOnly(distributions, pythonUses(survey, environment, topsOf)))
    const makers = new Map<PythonDistribution, FactMaker>()
    for (const one of distributions) {
      const owner = packageOf(one)
      packages.push(owner)
      const facts = factsOf(owner, recordOf(one), one.name)
      const maker: FactMaker = tools.has(one) ? () => facts(buildTool) : facts
      makers.set(one, maker)
      const claim = { root: parentOf(one.path), classify: byRules(maker, inDistribution) }
      for (const path of one.files) if (!files.has(path)) files.set(path, claim)
    }
    for (const site of sitePackages) claims.push(siteClaim({ site, makers, files, topsOf }))
    claims.push(...standardLibraries(environment))
    for (const [path, claim] of pythonPrograms(survey, environment))
      if (!files.has(path)) files.set(path, claim)
  }
  return { claims, files, packages }
}

function packageOf({ key, version, requires, files, path }: PythonDistribution): Package {
  return {
    manager: 'pip',
    name: key,
    version,
    depends: requires.map((name) => [name]),
    provides: [],
    files,
    path,
  }
}

function recordOf({ path }: PythonDistribution): string {
  return path.endsWith('.dist-info') ? 'its RECORD' : 'its egg-info'
}

function byRules(facts: FactMaker, ruleOf: ReturnType<typeof ruleFinder>): Claim['classify'] {
  return (rest) => {
    if (!rest.endsWith('.pyc')) return facts(ruleOf(rest))
    return asBytecode(facts(ruleOf(sourceOf(rest))))
  }
}

/** `pkg/__pycache__/x.cpython-311.pyc` → `pkg/x.py` (PEP 3147). */
function sourceOf(path: string): string {
  return path.replace(/__pycache__\/([^/.]+)\.[^/]*\.pyc$/, '$1.py').replace(/\.pyc$/, '.py')
}

/** Compiled files cost bytes and save start-up time: they are ballast only where their source is. */
function asBytecode(source: LanguageFact): LanguageFact {
  if (source.category !== 'language-packages' && source.category !== 'runtime') return source
  return {
    ...source,
    category: 'bytecode',
    evidence: `compiled from ${source.what}`,
    confidence: 'C',
  }
}

/** Files that no RECORD lists: bytecode of the first import, and what packages wrote into their own directories. */
function siteClaim({
  site,
  makers,
  files,
  topsOf,
}: {
  readonly site: string
  readonly makers: ReadonlyMap<PythonDistribution, FactMaker>
  readonly files: ReadonlyMap<string, Claim>
  readonly topsOf: (distribution: PythonDistribution) => ReadonlySet<string>
}): Claim {
  const owners = new Map<string, FactMaker | null>()
  for (const [one, maker] of makers) {
    if (parentOf(one.path) !== site) continue
    owners.set(nameOf(one.path), maker)
    // A namespace that several distributions share is nobody's.
    for (const top of topsOf(one)) owners.set(top, owners.has(top) ? null : maker)
  }
  return {
    root: site,
    classify: (rest, entry) => {
      const source = sourceOf(rest)
      const recorded = files.get(`${site}/${source}`)
      if (source !== rest && recorded) return recorded.classify(rest, entry)
      const slash = rest.indexOf('/')
      const maker = slash < 0 ? undefined : owners.get(rest.slice(0, slash))
      return maker ? byRules(maker, inDistribution)(rest, entry) : undefined
    },
  }
}

/** A virtual environment has no library of its own: the same path holds its site-packages only. */
function standardLibraries({ prefix, version }: PythonEnvironment): readonly Claim[] {
  const what = `Python ${version} standard library`
  const facts: FactMaker = (rule) => ({
    category: rule?.category ?? 'runtime',
    what,
    evidence: `${what}: ${rule?.why ?? 'its directory'}`,
    confidence: 'B',
  })
  return ['lib', 'lib64'].map((lib) => ({
    root: `${prefix}/${lib}/python${version}`,
    classify: byRules(facts, inStandardLibrary),
  }))
}
