import type { FileTree } from '../../image/index.ts'
import { nameOf, parentOf } from '../canonical.ts'
import { type Gem, rubyGems } from '../ruby/index.ts'
import type { Package } from '../types.ts'
import { rubyItself } from './interpreters.ts'
import { developmentGems } from './ruby-development.ts'
import {
  type FactMaker,
  type FileRule,
  factOf,
  factsOf,
  nativeRules,
  ruleFinder,
  wholeClaim,
} from './rules.ts'
import type { Survey } from './survey.ts'
import type { Claim, Reading } from './types.ts'

/** Directories of tests count at the top of a gem only: `lib/rack/test` is what a gem offers. */
const inGem: readonly FileRule[] = [
  {
    pattern: /^(?:spec|tests?|features|examples?|bench(?:marks?)?)\//,
    category: 'tests',
    why: 'its own tests and examples',
  },
  ...nativeRules,
  { pattern: /\.rbs$/, category: 'headers', why: 'types that only a type checker reads' },
  {
    pattern:
      /^ext\/.*(?:extconf\.rb|Makefile|depend|mkmf\.log|gem_make\.out|\.(?:rl|y|rs|toml|lock|java|patch))$/,
    category: 'headers',
    why: 'sources of its extension',
  },
  {
    pattern:
      /^(?:docs?|rdoc|ri|guides|man)\/|\.(?:md|rdoc|markdown)$|^(?:README|CHANGELOG|CHANGES|HISTORY)/i,
    category: 'docs-and-locales',
    why: 'documentation',
  },
  {
    pattern:
      /^(?:Rakefile|\.(?:rspec|rubocop|travis|github|gitignore|yardopts|document|ruby-version|circleci)[^/]*(?:$|\/))/,
    category: 'tests',
    why: 'settings for its own developers',
  },
]

/** RubyGems installs what it built below `extensions`, and leaves it where the compiler put it as well. */
const copyOfExtension: FileRule = {
  pattern: /^ext\/.*\.(?:so|bundle)$/,
  category: 'static-libraries',
  why: 'what the build of its extension left',
}

const inPlainGem = ruleFinder(inGem)
const inBuiltGem = ruleFinder([copyOfExtension, ...inGem])

const buildLog = { category: 'package-caches', why: 'the log of building its extension' } as const

/**
 * Gems by their specifications (guides.rubygems.org/specification-reference): what was unpacked, the extensions that
 * were built, and the packed gems that an install leaves behind.
 */
export function readRuby(survey: Survey): Reading {
  const { tree } = survey
  const gems = rubyGems(survey.marks('gemspec'))
  const itself = rubyItself(survey)
  const claims: Claim[] = [...itself.claims]
  const files = new Map(itself.files)
  const packages: Package[] = []
  const isDevelopment = developmentGems(survey)
  const homes = new Set<string>()
  for (const gem of gems) {
    const home = parentOf(parentOf(gem.path))
    homes.add(home)
    const owner = packageOf(gem)
    packages.push(owner)
    const own = factsOf(owner, 'its specification')
    const facts: FactMaker = isDevelopment(gem.name)
      ? () =>
          own({
            category: 'dev-dependencies',
            why: 'in no group of the Gemfile that production loads',
          })
      : own
    files.set(gem.path, { root: home, classify: () => facts() })
    claims.push(...gemClaims(tree, home, gem, facts))
  }
  for (const home of homes) {
    const cache = `${home}/cache`
    claims.push(
      wholeClaim(cache, factOf('package-caches', cache, 'packed gems that are installed')),
    )
    claims.push(...checkouts(tree, home, packages))
  }
  return { claims, files, packages }
}

function packageOf({ name, version, path }: Gem): Package {
  const home = parentOf(parentOf(path))
  return {
    ...{ manager: 'gem', name, version, depends: [], provides: [], files: [] },
    path: `${home}/gems/${fullName(path)}`,
  }
}

/** `nokogiri-1.16.0-x86_64-linux` of its specification. */
function fullName(path: string): string {
  return nameOf(path).replace(/\.gemspec$/, '')
}

function gemClaims(
  tree: FileTree,
  home: string,
  { path }: Gem,
  facts: FactMaker,
): readonly Claim[] {
  const name = fullName(path)
  const built = tree
    .readdir(`${home}/extensions`)
    .flatMap((platform) =>
      tree
        .readdir(`${home}/extensions/${platform}`)
        .map((abi) => `${home}/extensions/${platform}/${abi}/${name}`),
    )
    .filter((dir) => tree.lookup(dir) !== undefined)
  const ruleOf = built.length > 0 ? inBuiltGem : inPlainGem
  return [
    { root: `${home}/gems/${name}`, classify: (rest) => facts(ruleOf(rest)) },
    {
      root: `${home}/doc/${name}`,
      classify: () => facts({ category: 'docs-and-locales', why: 'documentation' }),
    },
    ...built.map((root) => ({
      root,
      classify: (rest: string) =>
        facts(/(?:^|\/)(?:mkmf\.log|gem_make\.out)$/.test(rest) ? buildLog : undefined),
    })),
  ]
}

/** Gems that Bundler took from Git: `bundler/gems/NAME-REVISION`. */
function checkouts(tree: FileTree, home: string, packages: Package[]): readonly Claim[] {
  const dir = `${home}/bundler/gems`
  return tree.readdir(dir).flatMap((one): readonly Claim[] => {
    const [, name, version] = /^(.+)-([0-9a-f]{7,40})$/.exec(one) ?? []
    if (name === undefined || version === undefined) return []
    const root = `${dir}/${one}`
    const owner: Package = {
      ...{ manager: 'gem', name, version, depends: [], provides: [], files: [], path: root },
    }
    packages.push(owner)
    const facts = factsOf(owner, 'its checkout')
    return [{ root, classify: (rest) => facts(inPlainGem(rest)) }]
  })
}
