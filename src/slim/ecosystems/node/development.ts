import { type NodePackage, runsSources, type StartedProgram } from '../../../analysis/index.ts'
import { type FileTree, resolvePath, type TreeEntry } from '../../../image/index.ts'

/** Files that test, lint or build: an import there does not bring a package to run time. */
const notRun =
  /\/(?:__tests__|__mocks__|tests?|specs?|e2e|cypress|scripts|\.storybook)\/|\.(?:test|spec|stories|config|conf|d)\.[cm]?[jt]sx?$|\/(?:gulpfile|gruntfile|webpack[\w.]*|rollup[\w.]*|\.\w+rc)\.[cm]?js$/i

const imports =
  /(?:\brequire(?:\.resolve)?\s*\(|\bimport\s*\(|\bfrom\s|\bimport\s)\s*['"]((?:@[\w.-]+\/)?[\w.-]+)/g

/** A module whose name is only known at run time. */
const computed = /\b(?:require|import)\s*\(\s*(?!['"`\s/])[\w$.[\]]+\s*[),]/

const settings = /\.(?:json|ya?ml|toml)$/
/** Settings that name development dependencies and that only tools read. */
const ofTools =
  /\/(?:package(?:-lock)?|npm-shrinkwrap|tsconfig[\w.-]*|jsconfig|nest-cli|angular|lerna|turbo|nx|biome|deno)\.json$|\/\.[\w.-]+rc(?:\.\w+)?$|\/(?:pnpm-lock|pnpm-workspace|\.\w[\w.-]*)\.ya?ml$|\/\.(?:github|vscode|husky)\//

const maxSource = 2_000_000

/**
 * What makes a development dependency one of run time: the image starts a program of one, or a source of the app that
 * no test or build tool owns imports one. @returns the first such use in words, null when there is none
 */
export function developmentUse({
  tree,
  own,
  started,
  development,
}: {
  readonly tree: FileTree
  readonly own: readonly TreeEntry[]
  readonly started: readonly StartedProgram[]
  readonly development: readonly NodePackage[]
}): string | null {
  if (development.length === 0) return null
  const owner = (file: string): NodePackage | undefined => {
    const real = resolvePath(tree, file).path
    return development.find(({ path }) => real.startsWith(`${path}/`))
  }
  for (const { path, name, files } of started) {
    const found = [...(path === undefined ? [] : [path]), ...files].map(owner).find(Boolean)
    if (found) return `the image starts ${baseName(name)}, which is a development dependency`
  }
  const names = new Set(development.map((one) => one.name))
  const typed = runsSources(started)
  let computes: string | null = null
  let quoted: string | null = null
  for (const { path, kind, size } of own) {
    if (kind !== 'file' || size > maxSource || path.includes('/node_modules/')) continue
    const isSource = /\.[cm]?[jt]sx?$/.test(path) && (typed || !/\.[cm]?tsx?$/.test(path))
    if ((!isSource && !settings.test(path)) || notRun.test(path) || ofTools.test(path)) continue
    const text = new TextDecoder().decode(tree.read(path))
    for (const [, name] of isSource ? text.matchAll(imports) : [])
      if (name !== undefined && names.has(name))
        return `${path} imports ${name}, which is a development dependency`
    if (isSource && computed.test(text)) computes ??= path
    for (const [, name] of text.matchAll(/['"]((?:@[\w.-]+\/)?[\w.-]+)['"]/g))
      if (name !== undefined && names.has(name)) quoted ??= `${name} (named in ${path})`
  }
  return computes !== null && quoted !== null
    ? `${computes} loads modules by computed names, ${quoted} may be one of them`
    : null
}

function baseName(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1)
}
