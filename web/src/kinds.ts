import type { CategoryId } from '../../src/analysis/index.ts'

/** How a kind of bytes is drawn: a fill, a label colour that reads on it, and a pattern for those who see no colour. */
export type Kind = {
  readonly title: string
  readonly fill: string
  readonly ink: string
  readonly pattern: Pattern | null
}

export type Pattern =
  | 'diagonal'
  | 'dots'
  | 'horizontal'
  | 'cross'
  | 'vertical'
  | 'back-diagonal'
  | 'grid'
  | 'hatch'

const dark = '#111111'
const light = '#ffffff'

/** Okabe and Ito's colours, changed where two of them meet under a simulated colour blindness. */
const kinds = {
  runtime: { title: 'keep: runtime', fill: '#9aa5b1', ink: dark, pattern: null },
  base: { title: 'keep: base system', fill: '#d3d9e0', ink: dark, pattern: null },
  tools: { title: 'compilers and build tools', fill: '#d55e00', ink: dark, pattern: 'diagonal' },
  headers: { title: 'headers and static libraries', fill: '#ee9900', ink: dark, pattern: 'dots' },
  caches: { title: 'package caches', fill: '#f7ee7f', ink: dark, pattern: 'horizontal' },
  vcs: { title: 'version control', fill: '#aa3377', ink: light, pattern: 'cross' },
  docs: { title: 'docs and locales', fill: '#56b4e9', ink: dark, pattern: 'vertical' },
  tests: {
    title: 'tests and development tools',
    fill: '#009e73',
    ink: dark,
    pattern: 'back-diagonal',
  },
  debug: { title: 'bytecode and debug', fill: '#0072b2', ink: light, pattern: 'grid' },
  hidden: { title: 'overwritten or deleted', fill: '#3b3f46', ink: light, pattern: 'hatch' },
} satisfies Readonly<Record<string, Kind>>

export type KindId = keyof typeof kinds

const ofCategory: Readonly<Record<CategoryId, KindId>> = {
  'base-system': 'base',
  runtime: 'runtime',
  app: 'runtime',
  'language-packages': 'runtime',
  compilers: 'tools',
  'tool-dependencies': 'tools',
  headers: 'headers',
  'static-libraries': 'headers',
  'dev-libraries': 'headers',
  vcs: 'vcs',
  'debug-tools': 'debug',
  'package-caches': 'caches',
  'docs-and-locales': 'docs',
  bytecode: 'debug',
  'package-metadata': 'runtime',
  tests: 'tests',
  'dev-dependencies': 'tests',
  other: 'runtime',
}

export const kindIds = Object.keys(kinds) as readonly KindId[]

export function kind(id: KindId): Kind {
  return kinds[id]
}

export function kindOf(category: CategoryId | undefined): KindId {
  return (category && ofCategory[category]) ?? 'runtime'
}

/** Why it is safe to throw such bytes overboard, or why they stay; the proof says whether it was. */
const reasons: Readonly<Record<CategoryId, string>> = {
  compilers: 'Only a build runs them; no file that the app loads needs one',
  'tool-dependencies': 'Nothing but build tools asked for these packages',
  headers: 'Only a compiler reads headers',
  'static-libraries': 'Only a linker reads static libraries',
  'dev-libraries': 'Links and files for compiling against a library',
  vcs: 'History of the sources; the app does not read it',
  'debug-tools': 'Nobody debugs inside this image',
  'package-caches': 'Package managers fetch them again on demand',
  tests: 'Packages ship their own tests and examples; only their developers run them',
  'dev-dependencies': 'Their own records call them for development only',
  'docs-and-locales': 'Manuals, changelogs and translations',
  'base-system': 'Every image of this distribution has them, and others are built on them',
  runtime: 'The app, or what it loads, may need these libraries and programs',
  app: 'The app itself, or files that no package owns',
  'language-packages': 'The app may import them',
  bytecode: 'Python would compile it again at every start',
  'package-metadata': 'Scanners and package managers read the records; licences have to stay',
  other: 'Nothing says what it is for, so nothing says that it may go',
}

export function reasonOf(category: CategoryId): string {
  return reasons[category]
}
