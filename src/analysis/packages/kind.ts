import type { Confidence, Package } from '../types.ts'
import * as names from './names.ts'

/**
 * What a system package is for. `tool-library` serves compilers only, `extras` are completions and service scripts,
 * `runtime` is everything without a sign.
 */
export type PackageKind =
  | 'base'
  | 'debug'
  | 'headers'
  | 'tool'
  | 'tool-library'
  | 'vcs'
  | 'docs'
  | 'locales'
  | 'bytecode'
  | 'extras'
  | 'runtime'

/** What a system package is for: the first of the rules that fits it decides. */
export function kindOfPackage(one: Package): PackageKind {
  return ruleOf(one).kind
}

/**
 * How sure `kindOfPackage` is. `A`: the package's own record or its exact name says so; `B`: only its section, or what
 * it provides.
 * @returns undefined for `runtime`, which no sign has led to
 */
export function confidenceOfKind(one: Package): Confidence | undefined {
  const { kind, confidence } = ruleOf(one)
  return kind === 'runtime' ? undefined : confidence
}

/**
 * True for a package that builds software: what a lean image must not add to its base. Libraries of compilers do not
 * count, because a runtime program may bring one along (gawk depends on libmpfr6).
 */
export function isBuildPackage(one: Package): boolean {
  const kind = kindOfPackage(one)
  return kind === 'tool' || kind === 'headers'
}

const building: ReadonlySet<PackageKind> = new Set(['tool', 'headers', 'vcs', 'debug', 'docs'])

/** True for what serves those who build, debug or read: it may leave, and what only it needs may leave with it. */
export function isForBuilding(one: Package): boolean {
  return building.has(kindOfPackage(one))
}

type Rule = {
  readonly kind: PackageKind
  readonly confidence: Confidence
  readonly fits: (one: Package, section: string) => boolean
}

const sure = (kind: PackageKind, fits: Rule['fits']): Rule => ({ kind, confidence: 'A', fits })
const likely = (kind: PackageKind, fits: Rule['fits']): Rule => ({ kind, confidence: 'B', fits })

/**
 * Names come before sections, because sections mislead: `cpp-12` is in interpreters, `patch` in vcs, `pkg-config` in
 * oldlibs, `perl-modules` in libs.
 */
const rules: readonly Rule[] = [
  sure('base', isBase),
  sure('debug', ({ name }, section) => names.debug.test(name) || isDebugSection(name, section)),
  sure('tool', ({ name }) => names.javaTools.test(name)),
  sure('headers', ({ name }, section) => names.headers.test(name) || section === 'libdevel'),
  sure('runtime', ({ name }) => names.notTools.test(name)),
  sure('vcs', ({ name }) => names.vcs.test(name)),
  sure('docs', ({ name }) => names.docs.test(name)),
  sure('bytecode', ({ name }) => names.bytecode.test(name)),
  likely('extras', ({ name }) => names.extras.test(name)),
  sure('tool-library', ({ name }) => names.toolLibraries.test(name)),
  // `.build-deps` is the name that `apk add --virtual` gives to what it installs.
  sure('tool', ({ name }) => isTool(name) || name.startsWith('.')),
  sure('vcs', (_, section) => section === 'vcs'),
  sure('docs', (_, section) => section === 'doc'),
  sure(
    'locales',
    ({ name }, section) => name !== 'tzdata' && (names.locales.test(name) || isL10n(section)),
  ),
  sure('tool-library', (one) => isOfToolSource(one) && /(?:^lib|-libs$|-libs-)/.test(one.name)),
  sure('tool', isOfToolSource),
  // Libraries of Perl and others that Debian files under `devel` are used by programs as well.
  likely('tool', ({ name }, section) => section === 'devel' && !name.startsWith('lib')),
  likely('headers', isDevelOnly),
]

const none: Rule = sure('runtime', () => true)

/** Every file of a package asks for its kind. */
const decided = new WeakMap<Package, Rule>()

function ruleOf(one: Package): Rule {
  const known = decided.get(one)
  if (known) return known
  const section = (one.section ?? '').replace(/^.*\//, '')
  const rule = rules.find(({ fits }) => fits(one, section)) ?? none
  decided.set(one, rule)
  return rule
}

function isBase({ manager, name, essential, priority }: Package): boolean {
  if (essential === true || priority === 'required') return true
  if (manager === 'apk') return names.alpineBase.test(name)
  return manager === 'rpm' && names.rpmBase.test(name)
}

function isTool(name: string): boolean {
  return names.tools.test(name) || names.exactTools.test(name)
}

function isDebugSection(name: string, section: string): boolean {
  return section === 'debug' && name !== 'gdb'
}

function isL10n(section: string): boolean {
  return section === 'localization' || section === 'translations'
}

function isOfToolSource({ manager, source }: Package): boolean {
  return manager === 'rpm' && source !== undefined && names.toolSources.test(source)
}

/** A package of RPM that tells pkg-config about a library and holds nothing to run or to load. */
function isDevelOnly({ manager, provides, files }: Package): boolean {
  return (
    manager === 'rpm' &&
    provides.some((name) => name.startsWith('pkgconfig(')) &&
    files.every((path) =>
      /\.(?:so|h|hh|hpp|inl|pc|cmake|a|la)$|^\/usr\/share\/(?:doc|licenses|man)\//.test(path),
    )
  )
}
