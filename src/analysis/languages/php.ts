import { folded, parentOf } from '../canonical.ts'
import type { Package } from '../types.ts'
import { phpItself } from './interpreters.ts'
import { asObject, asText, asTexts, objectAt } from './json.ts'
import { factOf, factsOf, ruleFinder, wholeClaim } from './rules.ts'
import type { Survey } from './survey.ts'
import type { Claim, Reading } from './types.ts'

const inPackage = ruleFinder([
  {
    pattern: /^(?:tests?|examples?|benchmarks?)\//i,
    category: 'tests',
    why: 'its own tests and examples',
  },
  {
    pattern: /^docs?\/|\.(?:md|rst)$|^(?:README|CHANGELOG|UPGRADE|UPGRADING)/i,
    category: 'docs-and-locales',
    why: 'documentation',
  },
  {
    pattern:
      /^\.(?:git|editorconfig|travis|php[_-]?cs|scrutinizer|styleci)[^/]*(?:$|\/)|^(?:phpunit|phpstan|psalm)[^/]*\.(?:xml|neon)(?:\.dist)?$/,
    category: 'tests',
    why: 'settings for its own developers',
  },
])

const development = {
  category: 'dev-dependencies',
  why: 'a development package by installed.json',
} as const

/**
 * Composer: `vendor/composer/installed.json` with every package, where it lies, and which ones only development needs
 * (`dev-package-names`, Composer 2). Composer 1 wrote a bare list and did not say.
 */
export function readPhp(survey: Survey): Reading {
  const packages: Package[] = []
  const itself = phpItself(survey)
  const claims: Claim[] = [...itself.claims, ...caches(survey)]
  for (const { path, kind } of survey.marks('composer')) {
    if (kind !== 'file' || !path.endsWith('/composer/installed.json')) continue
    const record = installedAt(survey, path)
    if (!record) continue
    const vendor = parentOf(parentOf(path))
    for (const one of record.packages) {
      const owner = packageOf(one, vendor)
      if (!owner) continue
      packages.push(owner)
      const facts = factsOf(owner, 'installed.json')
      const fact = record.development.has(owner.name) ? facts(development) : undefined
      claims.push({
        root: owner.path ?? vendor,
        // The record itself names it: as sure as what production needs.
        classify: (rest) => (fact ? { ...fact, confidence: 'A' } : facts(inPackage(rest))),
      })
    }
    const loader = factOf('language-packages', vendor, "Composer's class loader")
    claims.push({
      root: vendor,
      classify: (rest) => (/^(?:autoload\.php$|composer\/|bin\/)/.test(rest) ? loader : undefined),
    })
  }
  return { claims, files: new Map([...itself.files, ...singleFiles(survey)]), packages }
}

type Installed = {
  readonly packages: readonly Readonly<Record<string, unknown>>[]
  readonly development: ReadonlySet<string>
}

function installedAt({ tree }: Survey, path: string): Installed | undefined {
  const record = objectAt(tree, path)
  if (!record) return undefined
  // Composer 1 wrote the list alone.
  const list: readonly unknown[] = Array.isArray(record['packages'])
    ? record['packages']
    : Object.values(record)
  return {
    packages: list.map(asObject).filter((one) => one !== undefined),
    development: new Set(asTexts(record['dev-package-names'])),
  }
}

function packageOf(one: Readonly<Record<string, unknown>>, vendor: string): Package | undefined {
  const name = asText(one['name'])
  if (name === undefined || !/^[\w.-]+\/[\w.-]+$/.test(name)) return undefined
  const place = asText(one['install-path'])
  return {
    ...{ manager: 'composer', name, version: asText(one['version']) ?? '' },
    ...{ depends: [], provides: [], files: [] },
    path: place === undefined ? `${vendor}/${name}` : folded(`${vendor}/composer/${place}`),
  }
}

/** What Composer fetched. */
function caches({ tree }: Survey): readonly Claim[] {
  const homes = ['/root', ...tree.readdir('/home').map((name) => `/home/${name}`)]
  const places = homes.flatMap((home) => [`${home}/.composer/cache`, `${home}/.cache/composer`])
  return (
    ['/tmp/cache', ...places]
      // The directory is Composer's when it has one of these inside.
      .filter((dir) => tree.lookup(`${dir}/repo`) ?? tree.lookup(`${dir}/files`))
      .map((dir) => wholeClaim(dir, factOf('package-caches', dir, 'what Composer fetched')))
  )
}

/** Composer itself, and the sources that PHP's images are built from. */
function singleFiles({ starts }: Survey): ReadonlyMap<string, Claim> {
  const tool = 'installs packages, and the image does not start it'
  const programs = starts(/^composer(?:\.phar)?$/)
    ? []
    : ['/usr/local/bin/composer', '/usr/bin/composer'].map((path) =>
        factOf('dev-dependencies', path, tool),
      )
  const sources = "PHP's sources, for building extensions"
  const facts = [...programs, factOf('compilers', '/usr/src/php.tar.xz', sources)]
  return new Map(facts.map((fact) => [fact.what, wholeClaim(fact.what, fact)]))
}
