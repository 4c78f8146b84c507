import type { FileTree, ImageConfig, TreeEntry } from '../../image/index.ts'
import { nameOf, realFile } from '../canonical.ts'
import { executablesOf, type StartedProgram } from '../entry/index.ts'
import type { PythonEnvironment } from '../types.ts'

/** A file or directory that only one tool writes, and that says where its packages lie. */
export type Mark =
  | 'package.json'
  | 'node_modules'
  | 'npm-lock'
  | 'addon'
  | 'bundler-cache'
  | 'yarn-cache'
  | 'gemspec'
  | 'gemfile'
  | 'composer'
  | 'jar'
  | 'java-release'
  | 'maven'
  | 'gradle'
  | 'dotnet-deps'
  | 'dotnet-runtime'
  | 'dotnet-host'
  | 'dotnet-assets'
  | 'go'
  | 'go-modules'
  | 'go-build'
  | 'cargo-target'
  | 'rustup'
  | 'rust-toolchain'
  | 'program'
  | 'python'

/** What every ecosystem starts from: the marks of one pass over the tree, and what the image starts. */
export type Survey = {
  readonly tree: FileTree
  readonly config: ImageConfig
  readonly environments: readonly PythonEnvironment[]
  readonly marks: (mark: Mark) => readonly TreeEntry[]
  readonly started: () => readonly StartedProgram[]
  /** True when a program of this name is started: `npm`, `javac`. */
  readonly starts: (name: RegExp) => boolean
  /** True when a started program, or a file that one is told to run, lies in the directory. */
  readonly startsIn: (dir: string) => boolean
  /** True for the path of a started program, or of a file that one is told to run. */
  readonly isStarted: (path: string) => boolean
}

const byName: ReadonlyMap<string, Mark> = new Map([
  ['package.json', 'package.json'],
  ['node_modules', 'node_modules'],
  ['.package-lock.json', 'npm-lock'],
  ['.next', 'bundler-cache'],
  ['.parcel-cache', 'bundler-cache'],
  ['cache', 'yarn-cache'],
  ['Gemfile', 'gemfile'],
  ['installed.json', 'composer'],
  ['release', 'java-release'],
  ['mvn', 'maven'],
  ['gradle', 'gradle'],
  ['dotnet', 'dotnet-host'],
  ['project.assets.json', 'dotnet-assets'],
  ['go', 'go'],
  ['download', 'go-modules'],
  ['go-build', 'go-build'],
  ['.rustc_info.json', 'cargo-target'],
  ['rustup', 'rustup'],
  ['rustlib', 'rust-toolchain'],
])

const byExtension: ReadonlyMap<string, Mark> = new Map([
  ['node', 'addon'],
  ['gemspec', 'gemspec'],
  ['jar', 'jar'],
  ['war', 'jar'],
  ['ear', 'jar'],
  ['py', 'python'],
])

/** Python sources that no app wrote. */
const ofInterpreter = /\/(?:site|dist)-packages\/|\/lib(?:64)?\/python\d|^\/usr\/(?:lib|share)\//

/** Where programs are part of what a package manager unpacked. */
const ofPackage = /\/(?:node_modules|site-packages|dist-packages|\.cache)\//

/** Smaller programs are no Go or Rust: their runtimes alone are larger. */
const leastProgram = 128 * 1024

export type LanguageInput = {
  readonly tree: FileTree
  readonly config: ImageConfig
  readonly environments: readonly PythonEnvironment[]
  /** True for paths of system packages: what those install as a language's package is theirs. */
  readonly isOwned?: (path: string) => boolean
  /** What the configuration starts, where somebody has read it before. */
  readonly programs?: readonly StartedProgram[]
}

export function surveyOf(image: LanguageInput): Survey {
  const { tree, config, environments, isOwned = () => false } = image
  const found = new Map<Mark, TreeEntry[]>()
  for (const entry of tree.walk()) {
    const mark = markOf(entry)
    if (mark === undefined) continue
    const list = found.get(mark)
    if (list) list.push(entry)
    else found.set(mark, [entry])
  }
  const wanted = new Map<Mark, readonly TreeEntry[]>()
  const started = once(() => image.programs ?? executablesOf(config, tree))
  const paths = once(() => realPaths(tree, started()))
  return {
    ...{ tree, config, environments, started },
    marks: (mark) => {
      const known = wanted.get(mark) ?? (found.get(mark) ?? []).filter(({ path }) => !isOwned(path))
      wanted.set(mark, known)
      return known
    },
    starts: (name) => started().some((one) => name.test(nameOf(one.name))),
    startsIn: (dir) => [...paths()].some((path) => path.startsWith(`${dir}/`)),
    isStarted: (path) => paths().has(path),
  }
}

/**
 * Asked of every file of an image, and nearly always for nothing: lengths and last letters are compared before a name
 * is cut out of its path.
 */
function markOf({ path, kind, mode, size }: TreeEntry): Mark | undefined {
  if (kind !== 'file' && kind !== 'dir' && kind !== 'symlink') return undefined
  const slash = path.lastIndexOf('/')
  if (nameShapes.has(shapeOf(path, slash))) {
    const named = byName.get(path.slice(slash + 1))
    if (named !== undefined) return named
  }
  if (kind !== 'file') return undefined
  const dot = path.lastIndexOf('.')
  if (dot > slash + 1 && extensionShapes.has(shapeOf(path, dot))) {
    const extension = path.slice(dot + 1)
    if (extension === 'json') return dotnetMark(path)
    const mark = byExtension.get(extension)
    if (mark === 'python') return ofInterpreter.test(path) ? undefined : mark
    if (mark !== undefined) return mark
  }
  if ((mode & 0o111) === 0 || size < leastProgram) return undefined
  return ofPackage.test(path) || /\.so(?:\.[\d.]+)?$/.test(path) ? undefined : 'program'
}

/** How long the rest of a path is after a separator, and what it ends with. */
function shapeOf(path: string, separator: number): number {
  return (path.length - separator) * 128 + (path.charCodeAt(path.length - 1) & 127)
}

const nameShapes = new Set([...byName.keys()].map((name) => shapeOf(`/${name}`, 0)))
const extensionShapes = new Set(
  [...byExtension.keys(), 'json'].map((extension) => shapeOf(`.${extension}`, 0)),
)

function dotnetMark(name: string): Mark | undefined {
  if (name.endsWith('.deps.json')) return 'dotnet-deps'
  return name.endsWith('.runtimeconfig.json') ? 'dotnet-runtime' : undefined
}

function realPaths(tree: FileTree, started: readonly StartedProgram[]): ReadonlySet<string> {
  const paths = started.flatMap(({ path, files }) =>
    path === undefined ? files : [path, ...files],
  )
  return new Set(paths.flatMap((path) => [path, realFile(tree, path) ?? path]))
}

function once<Value>(make: () => Value): () => Value {
  let made: { readonly value: Value } | undefined
  return () => {
    made ??= { value: make() }
    return made.value
  }
}
