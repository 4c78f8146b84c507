import type { CategoryId, Package } from '../types.ts'
import type { Claim, LanguageFact } from './types.ts'

/** What files inside a package are for, by their path below its directory: the first pattern that fits decides. */
export type FileRule = {
  readonly pattern: RegExp
  readonly category: CategoryId
  /** Completes "numpy 1.26.4: …". */
  readonly why: string
}

/** What a licence asks to be kept; no rule about documentation takes it. */
const licence = /(?:^|\/)(?:LICEN[CS]E|COPYING|COPYRIGHT|NOTICE|AUTHORS|PATENTS)[^/]*$/i

/**
 * Finds the rule for a path below a package; none for what the package needs, or may need, at run time. Most files have
 * no rule, and one pattern made of all tells so.
 */
export function ruleFinder(rules: readonly FileRule[]): (rest: string) => FileRule | undefined {
  const any = new RegExp(rules.map(({ pattern }) => `(?:${pattern.source})`).join('|'), 'i')
  return (rest) => {
    if (!any.test(rest)) return undefined
    const rule = rules.find(({ pattern }) => pattern.test(rest))
    return rule && !licence.test(rest) ? rule : undefined
  }
}

/** Sources and objects of C and C++ that a package ships for whoever compiles against or inside it. */
export const nativeRules: readonly FileRule[] = [
  {
    pattern: /\.(?:o|a|la|lib|obj)$/,
    category: 'static-libraries',
    why: 'object files and archives for a linker',
  },
  {
    pattern: /\.(?:h|hh|hpp|hxx|inl|c|cc|cpp|cxx)$/,
    category: 'headers',
    why: 'sources for a C compiler',
  },
]

/** What a file's facts are, once it is known whose it is: with a rule, or as part of what the package needs. */
export type FactMaker = (rule?: Pick<FileRule, 'category' | 'why'>) => LanguageFact

/**
 * The facts of one package's files. What its record lists is as sure as the record; what a rule takes out of it is
 * known by path.
 * @param record completes "numpy 1.26.4: …"
 */
export function factsOf(owner: Package, record: string, name: string = owner.name): FactMaker {
  const title = `${name} ${owner.version}`.trimEnd()
  const common = { what: `${title} (${owner.manager})`, package: owner }
  const known = new Map<string, LanguageFact>()
  const own: LanguageFact = {
    ...common,
    ...{ category: 'language-packages', evidence: `${title}: ${record}`, confidence: 'A' },
  }
  return (rule) => {
    if (!rule) return own
    const made = known.get(rule.why) ?? {
      ...common,
      ...{ category: rule.category, evidence: `${title}: ${rule.why}`, confidence: 'B' },
    }
    known.set(rule.why, made)
    return made
  }
}

/** A fact about what no package owns: a toolchain, a cache, what a build left. Known by its path and its neighbours. */
export function factOf(category: CategoryId, what: string, why: string): LanguageFact {
  return { category, what, evidence: `${what}: ${why}`, confidence: 'B' }
}

/** A claim whose files are all for the same. */
export function wholeClaim(root: string, fact: LanguageFact): Claim {
  return { root, classify: () => fact }
}
