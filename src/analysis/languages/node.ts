import type { ImageConfig } from '../../image/index.ts'
import { join } from '../canonical.ts'
import { type NodePackage, nodeModules, runsSources } from '../node/index.ts'
import type { Package } from '../types.ts'
import { nodePrograms } from './interpreters.ts'
import { objectAt } from './json.ts'
import { type Development, developmentPackages, isToolName } from './node-development.ts'
import { type FileRule, factOf, factsOf, nativeRules, ruleFinder, wholeClaim } from './rules.ts'
import type { Survey } from './survey.ts'
import type { Claim, LanguageFact, Reading } from './types.ts'
import { plugAndPlay, standaloneYarn, yarnCaches } from './yarn.ts'

const development = 'dev-dependencies'

/** Directories of tests and manuals count at the top of a package only: `lib/test` may be what it offers. */
const inPackage: readonly FileRule[] = [
  {
    pattern: /(?:^|\/)(?:obj\.target|\.deps|build-tmp-[^/]+)\//,
    category: 'static-libraries',
    why: 'what node-gyp left of a build',
  },
  ...nativeRules,
  { pattern: /\.gypi?$/, category: 'headers', why: 'instructions for node-gyp' },
  {
    pattern:
      /^(?:tests?|spec|examples?|bench(?:marks?)?)\/|(?:^|\/)__tests__\/|\.(?:test|spec)\.[cm]?[jt]sx?$/,
    category: 'tests',
    why: 'its own tests and examples',
  },
  {
    pattern: /^docs?\/|^man\/|\.(?:md|markdown)$|(?:^|\/)(?:README|CHANGELOG|HISTORY)(?:\.\w+)?$/i,
    category: 'docs-and-locales',
    why: 'documentation',
  },
  { pattern: /\.map$/, category: 'debug-tools', why: 'source maps, for debuggers' },
  {
    pattern:
      /\.(?:flow|tsbuildinfo)$|(?:^|\/)tsconfig[^/]*\.json$|(?:^|\/)\.(?:eslint|prettier|npm(?:ignore|rc)|git|editorconfig|travis|babelrc|nycrc|mocharc|jshint|jscs|circleci|vscode|idea|husky|changeset|codeclimate|coveralls|markdownlint|release|tap|zuul|istanbul|size-limit|dockerignore)[^/]*(?:\/|$)/,
    category: 'tests',
    why: 'settings for its own developers',
  },
]

const declarations: FileRule = {
  pattern: /\.d\.[cm]?ts$/,
  category: 'headers',
  why: 'types that only a type checker reads',
}

/** Packages below every `node_modules`, what in them only development needs, and the caches beside them. */
export function readNode(survey: Survey): Reading {
  const { tree, marks } = survey
  const packed = plugAndPlay(survey)
  const files = new Map([...nodePrograms(survey), ...(packed.files ?? [])])
  const entries = [...marks('node_modules'), ...marks('package.json'), ...marks('addon')]
  const modules = nodeModules(tree, entries)
  const all = [...modules.packages, ...standaloneYarn(survey)]
  const purposes = developmentPackages(survey, { ...modules, packages: all })
  const common = [...inPackage, ...foreignBuilds(survey.config)]
  const withDeclarations = ruleFinder(common)
  const rules = runsSources(survey.started())
    ? withDeclarations
    : ruleFinder([declarations, ...common])
  const packages = [...packed.packages]
  const claims = [
    ...packed.claims,
    ...leftovers(survey),
    ...marks('node_modules').map(({ path }) => cacheClaim(path)),
  ]
  for (const one of all) {
    const owner = packageOf(one)
    const purpose = purposes.of(one)
    packages.push(owner)
    claims.push({
      root: one.path,
      classify: purpose
        ? asDevelopment(owner, purpose)
        : asNeeded(survey, one, {
            owner,
            // A compiler reads its own declarations: they are its standard library.
            ruleOf: one.name === 'typescript' ? withDeclarations : rules,
            isRecorded: purposes.isRecorded(one),
          }),
    })
  }
  return { claims, files, packages }
}

function packageOf({ name, version, path }: NodePackage): Package {
  return { manager: 'npm', name, version, depends: [], provides: [], files: [], path }
}

/** What a package manager brought for itself goes by its name. */
function asDevelopment(owner: Package, { why, confidence, as }: Development): Claim['classify'] {
  const fact = factsOf(owner, '')({ category: development, why })
  const what = as === undefined ? fact.what : `${as.name} ${as.version} (npm)`
  return () => ({ ...fact, what, confidence })
}

type Needed = {
  readonly owner: Package
  readonly ruleOf: ReturnType<typeof ruleFinder>
  readonly isRecorded: boolean
}

function asNeeded(
  survey: Survey,
  one: NodePackage,
  { owner, ruleOf, isRecorded }: Needed,
): Claim['classify'] {
  const byName = !isRecorded && isToolName(one.name)
  const facts = factsOf(owner, isRecorded ? 'its lock file' : 'its package.json')
  let loads: string | undefined
  return (rest) => {
    const rule = ruleOf(rest)
    if (rule?.category === 'tests') {
      loads ??= entryPoints(survey, one.path)
      if (loads.includes(`${rest.slice(0, rest.indexOf('/'))}/`)) return facts()
    }
    return byName && !rule ? unsure(facts(), one.name) : facts(rule)
  }
}

function unsure(fact: LanguageFact, name: string): LanguageFact {
  return {
    ...fact,
    evidence: `${name} is a development tool by its name, and no lock file says what it is for`,
    confidence: 'C',
  }
}

/** The fields of package.json that say what is loaded, as text. */
function entryPoints({ tree }: Survey, dir: string): string {
  const { main, module, exports, bin } = objectAt(tree, join(dir, 'package.json')) ?? {}
  return JSON.stringify([main, module, exports, bin])
}

const platforms: Readonly<Record<string, string>> = { amd64: 'x64', arm64: 'arm64', '386': 'ia32' }

/** Prebuilt addons for other systems (`prebuilds/darwin-x64/…`, the layout of prebuildify). */
function foreignBuilds({ architecture }: ImageConfig): readonly FileRule[] {
  const own = platforms[architecture] ?? architecture
  return [
    {
      pattern: new RegExp(
        `^prebuilds/(?!linux-${own.replace(/\W/g, '')}/)(?:(?:aix|android|darwin|freebsd|linux|openbsd|sunos|win32)-[^/]+)/`,
      ),
      category: development,
      why: 'builds for other platforms',
    },
  ]
}

function leftovers(survey: Survey): readonly Claim[] {
  return [
    ...yarnCaches(survey),
    ...survey.marks('bundler-cache').flatMap(({ path }) => bundlerCache(path)),
  ]
}

/** What bundlers keep in a project for the next build. Next.js has caches of the running server in the same place. */
function bundlerCache(dir: string): readonly Claim[] {
  const fact = factOf('package-caches', dir, 'what a bundler keeps for the next build')
  if (!dir.endsWith('/.next')) return [wholeClaim(dir, fact)]
  const classify: Claim['classify'] = (rest) =>
    /^cache\/(?:webpack|swc|eslint|turbopack|\.tsbuildinfo)(?:$|\/)|^trace$/.test(rest)
      ? fact
      : undefined
  return [{ root: dir, classify }]
}

/** `node_modules/.cache`: Babel, Terser and bundlers keep there what they can make again. */
function cacheClaim(modules: string): Claim {
  const dir = join(modules, '.cache')
  return wholeClaim(dir, factOf('package-caches', dir, 'what build tools can make again'))
}
