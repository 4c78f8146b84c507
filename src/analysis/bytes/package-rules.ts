import { confidenceOfKind, kindOfPackage, type PackageKind } from '../packages/index.ts'
import type { CategoryId, Classification, Confidence, Package } from '../types.ts'
import { readByPath } from './orphans.ts'

/** What is known about the system packages of an image as a whole. */
export type PackageFacts = {
  /** Names of essential packages and what they depend on. */
  readonly base: ReadonlySet<string>
  /** Names of packages that nothing but build packages brought in, and how sure that is. */
  readonly orphans: ReadonlyMap<string, Confidence>
  /** Names of packages with a file that the running app loads. */
  readonly loaded: ReadonlySet<string>
  /** Names of what `base` and `loaded` depend on. */
  readonly supporting: ReadonlySet<string>
}

/** What a path says about a file of a package that stays: it is thrown out although the package is not. */
export type Part =
  | 'docs'
  | 'translations'
  | 'headers'
  | 'static-libraries'
  | 'dev-libraries'
  | 'debug-tools'
  | 'tests'
  | 'bytecode'

/** What the files of a package are for. Every file asks, so the answers are made once a package and part. */
export type PackageRules = (owner: Package, part: Part | undefined) => Classification

export function packageRules(facts: PackageFacts): PackageRules {
  const known = new Map<Package, Map<Part | undefined, Classification>>()
  return (owner, part) => {
    const parts = known.get(owner) ?? new Map<Part | undefined, Classification>()
    const answer = parts.get(part) ?? decide(facts, owner, part)
    if (parts.size === 0) known.set(owner, parts)
    parts.set(part, answer)
    return answer
  }
}

type Rule = readonly [CategoryId, Confidence, reason: string]

function decide(facts: PackageFacts, owner: Package, part: Part | undefined): Classification {
  const { manager, name } = owner
  const [category, confidence, reason] = ruleOf(facts, owner, part)
  const evidence = `${manager}: ${name} ${reason}`
  return { category, what: `${name} (${manager})`, evidence, confidence, package: owner }
}

const ofPart: Readonly<Record<Part, readonly [CategoryId, reason: string]>> = {
  docs: ['docs-and-locales', 'has documentation'],
  translations: ['docs-and-locales', 'has translations'],
  headers: ['headers', 'has headers'],
  'static-libraries': ['static-libraries', 'has static libraries'],
  'dev-libraries': ['dev-libraries', 'has files for compiling against it'],
  'debug-tools': ['debug-tools', 'has debug symbols'],
  tests: ['tests', 'has its own tests or examples'],
  bytecode: ['bytecode', 'has compiled Python'],
}

const ofKind: Readonly<Record<Exclude<PackageKind, 'runtime'>, readonly [CategoryId, string]>> = {
  base: ['base-system', 'is essential'],
  debug: ['debug-tools', 'holds debug symbols'],
  headers: ['dev-libraries', 'is a development package'],
  tool: ['compilers', 'is a build tool'],
  'tool-library': ['tool-dependencies', 'serves compilers only'],
  vcs: ['vcs', 'is a version control system'],
  docs: ['docs-and-locales', 'is documentation'],
  locales: ['docs-and-locales', 'holds translations'],
  extras: ['docs-and-locales', 'holds completions or service scripts'],
  bytecode: ['bytecode', 'holds compiled Python'],
}

const debuggers = /^(?:gdb|strace|ltrace|valgrind)(?:-.*)?$/

function ruleOf(facts: PackageFacts, owner: Package, part: Part | undefined): Rule {
  if (part === 'bytecode') return ofBytecode(ruleOf(facts, owner, undefined))
  const { name } = owner
  const kind = kindOfPackage(owner)
  // dpkg itself can be told to leave these out, of essential packages too.
  if (part === 'docs' || part === 'translations') return [ofPart[part][0], 'A', ofPart[part][1]]
  if (kind === 'base') return ['base-system', 'A', ofKind.base[1]]
  if (facts.base.has(name)) return ['base-system', 'A', 'is needed by essential packages']
  if (part !== undefined)
    return [ofPart[part][0], kind === 'headers' || kind === 'debug' ? 'A' : 'B', ofPart[part][1]]
  if (facts.loaded.has(name)) return ['runtime', 'A', 'is loaded at run time']
  if (kind === 'tool' && debuggers.test(name)) return ['debug-tools', 'A', 'is a debugger']
  if (kind === 'runtime') return ofRuntime(facts, name)
  // gawk brings libmpfr6 along: a library of compilers that something else needs stays.
  if (kind === 'tool-library' && facts.orphans.size > 0 && !facts.orphans.has(name))
    return ['runtime', 'B', 'is needed by a package that stays']
  return [ofKind[kind][0], confidenceOfKind(owner) ?? 'B', ofKind[kind][1]]
}

/** Bytecode goes with its package where that goes, and saves the others time to start. */
function ofBytecode(usual: Rule): Rule {
  const [category, confidence] = usual
  const stays = category === 'runtime' || category === 'base-system'
  return stays ? [ofPart.bytecode[0], confidence, ofPart.bytecode[1]] : usual
}

function ofRuntime({ orphans, supporting }: PackageFacts, name: string): Rule {
  if (supporting.has(name)) return ['runtime', 'B', 'is needed by packages that stay']
  if (readByPath.test(name)) return ['runtime', 'B', 'is used by its path, which no link shows']
  const orphan = orphans.get(name)
  if (orphan) return ['tool-dependencies', orphan, 'came with build tools only']
  return ['runtime', 'C', 'is not known to be loaded: unproven']
}
