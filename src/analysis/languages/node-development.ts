import { folded, nameOf, parentOf, realDirectory } from '../canonical.ts'
import { variable } from '../environment.ts'
import { developmentOf, type NodeModules, type NodePackage, reachedFrom } from '../node/index.ts'
import { asObject, objectAt } from './json.ts'
import type { Survey } from './survey.ts'

/** What says that a package is there for development or for installing others, and how sure that is. */
export type Development = {
  readonly why: string
  readonly confidence: 'A' | 'B'
  /** The package that it is a part of, when it was installed for that one alone. */
  readonly as?: NodePackage
}

export type DevelopmentPackages = {
  readonly of: (one: NodePackage) => Development | undefined
  /** True when npm recorded the package as one that production needs. */
  readonly isRecorded: (one: NodePackage) => boolean
}

const byLock: Development = { why: 'a development dependency by its lock file', confidence: 'A' }
const byManifest: Development = {
  why: 'only the devDependencies of the project lead to it',
  confidence: 'B',
}

/**
 * Development packages by npm's hidden lock file (`node_modules/.package-lock.json`, `"dev": true`), else by what the
 * project's manifest leads to; and the package managers that came with Node. What the image starts, and what that
 * needs, is none of them.
 */
export function developmentPackages(survey: Survey, modules: NodeModules): DevelopmentPackages {
  const { tree } = survey
  const found = new Map<string, Development>()
  const recorded = new Set<string>()
  const locked = new Set<string>()
  for (const { path } of survey.marks('npm-lock')) {
    const project = parentOf(parentOf(path))
    const entries = Object.entries(asObject(objectAt(tree, path)?.['packages']) ?? {})
    if (entries.length > 0) locked.add(project)
    for (const [key, value] of entries) {
      const dir = folded(`${project}/${key}`)
      if (asObject(value)?.['dev'] === true) found.set(dir, byLock)
      else recorded.add(dir)
    }
  }
  for (const project of modules.projects)
    if (!locked.has(project.path))
      for (const path of developmentOf(tree, project)) found.set(path, byManifest)
  const managers = unusedManagers(survey, modules.packages)
  for (const path of usedPackages(survey, modules.packages)) found.delete(path)
  return {
    of: ({ path }) => found.get(path) ?? partOf(managers, path),
    isRecorded: ({ path }) => recorded.has(path),
  }
}

function partOf(managers: readonly NodePackage[], path: string): Development | undefined {
  const as = managers.find((one) => path === one.path || path.startsWith(`${one.path}/`))
  const why = 'a package manager that nothing the image starts calls'
  return as && { why, confidence: 'B', as }
}

/** Programs that run what each package manager installed. */
const callers: ReadonlyMap<string, RegExp> = new Map([
  ['npm', /^(?:npm|npx)$/],
  ['corepack', /^(?:corepack|yarn|yarnpkg|pnpm|pnpx)$/],
  ['yarn', /^(?:yarn|yarnpkg)$/],
  ['pnpm', /^(?:pnpm|pnpx)$/],
])

/** Those that were installed for the whole image. An image that starts nothing may be for any use. */
function unusedManagers(survey: Survey, packages: readonly NodePackage[]): readonly NodePackage[] {
  if (survey.started().length === 0) return []
  return packages.filter(({ name, path }) => {
    const caller = callers.get(name)
    const isGlobal = /\/lib\/node_modules\/[^/]+$|^\/opt\/yarn[^/]*$/.test(path)
    return caller && isGlobal && !survey.starts(caller) && !survey.startsIn(path)
  })
}

/** Packages that the image starts or loads by name (`-r ts-node/register`), and all that those reach. */
function usedPackages(
  { tree, config, started, startsIn }: Survey,
  packages: readonly NodePackage[],
): ReadonlySet<string> {
  const options = (variable(config.config.Env, 'NODE_OPTIONS') ?? '').split(/[\s=]+/)
  const words = new Set(
    [...started().flatMap((one) => one.arguments), ...options].flatMap((word) =>
      word === undefined ? [] : [word, packageIn(word)],
    ),
  )
  const used = packages.filter(({ name, path }) => words.has(name) || startsIn(path))
  return reachedFrom(
    tree,
    used.map(({ path }) => realDirectory(tree, path) ?? path),
  )
}

/** `ts-node/register` → `ts-node`, `--import=@swc-node/register` → `@swc-node`'s package. */
function packageIn(word: string): string {
  const [first = '', second = ''] = word.replace(/^--?[\w-]+=/, '').split('/')
  return first.startsWith('@') ? `${first}/${second}` : first
}

/** A name that only developers install, where no lock file says what it is for. */
export function isToolName(name: string): boolean {
  return tools.test(nameOf(name)) || name.startsWith('@types/')
}

const tools =
  /^(?:typescript|eslint|prettier|webpack|webpack-cli|webpack-dev-server|rollup|vite|vitest|jest|mocha|chai|ava|tap|nyc|c8|karma|cypress|nodemon|ts-node|ts-jest|tsx|concurrently|husky|lint-staged|gulp|grunt|parcel|turbo|lerna|nx|sinon|supertest|storybook|playwright)$/
