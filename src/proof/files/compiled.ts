import {
  type CompiledLanguage,
  compiledLanguages,
  dataFolder,
  installedCopy,
  isElf,
  readElfAt,
  runsSources,
} from '../../analysis/index.ts'
import type { TreeEntry } from '../../image/index.ts'
import { parseShell } from '../../shell/index.ts'
import { linesAbove, scriptOf } from '../history.ts'
import type { Side } from '../side.ts'
import { appNames, appTexts } from './imports.ts'

/**
 * Sources of a language that a RUN line of the image compiled. A file that some text of the app names, that lies where
 * data lies, or that the image's own programs read, is not explained: only running would tell.
 */
export function compiledAway({ path, kind }: TreeEntry, side: Side): string | undefined {
  const language = compiling(side).find(
    ({ sources, leftovers }) => sources.test(path) || leftovers.test(path),
  )
  if (!language) return kind === 'dir' && compiling(side).length > 0 ? toolHome(path) : undefined
  if (startedFiles(side).has(path)) return undefined
  if (language.leftovers.test(path)) return `left by the compiler of ${language.what}`
  if (dataFolder.test(path)) return undefined
  const name = path.slice(path.lastIndexOf('/') + 1)
  const reads = kind === 'file' && isNamed(name, side)
  return reads
    ? undefined
    : `sources of ${language.what} and what the compiler left beside its result`
}

/** Directories that the images of Go and Rust have, with modes of their own, for whoever builds. */
function toolHome(path: string): string | undefined {
  return /^\/go(?:\/(?:bin|src))?$|^\/usr\/local\/cargo(?:\/bin)?$/.test(path)
    ? "a directory of the base's tool chain"
    : undefined
}

/** Names that every project has: a text that says one of them means its own. */
const common =
  /^(?:Makefile|configure|config\.(?:h|log|status)|missing|compile|index\.tsx?|main\.(?:c|cpp|go|rs|ts)|lib\.rs|mod\.rs|pom\.xml|tsconfig\.json)$/

/** A text that the app runs or reads names the file: BPF and OpenCL programs are C sources that are loaded. */
function isNamed(name: string, side: Side): boolean {
  if (common.test(name)) return false
  const scripts = new Set(side.programs().flatMap(({ script }) => script ?? []))
  const literal = `(?<![\\w.-])${name.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')}(?![\\w.-])`
  // Bundlers write a comment with its source above each module.
  const pattern = new RegExp(`(?<!^[ \\t]*//.*)${literal}`, 'm')
  return appTexts(side).some(
    ({ path, text }) =>
      !compiledLanguages.some(
        ({ sources, leftovers }) => sources.test(path) || leftovers.test(path),
      ) &&
      !/\/(?:setup\.py|build\.py|conanfile\.py|wscript|SConstruct|package\.json|\.gitignore)$|\/tests?\//.test(
        path,
      ) &&
      (!/\.(?:sh|bash)$/.test(path) || scripts.has(path)) &&
      pattern.test(text),
  )
}

/** A lock file of a package manager, that nothing at run time names. */
export function lockFile({ path }: TreeEntry, side: Side): string | undefined {
  const name =
    /\/(package-lock\.json|npm-shrinkwrap\.json|yarn\.lock|pnpm-lock\.yaml|bun\.lockb?)$/.exec(
      path,
    )?.[1]
  if (name === undefined || path.includes('/node_modules/')) return undefined
  return appNames(side, name, path.replace(/[^/]*$/, 'package.json'))
    ? undefined
    : 'read by the build only'
}

/**
 * The name by which a linker finds a library of the project, a link to the name that programs load; of use at run time
 * only to a program that opens it by that name.
 */
export function linkerName({ path, kind, link }: TreeEntry, side: Side): string | undefined {
  const name = /\/(lib[^/]+\.so)$/.exec(path)?.[1]
  if (kind !== 'symlink' || name === undefined || compiling(side).length === 0) return undefined
  if (!(link ?? '').replace(/^.*\//, '').startsWith(`${name}.`) || appNames(side, name))
    return undefined
  const opens = side
    .ownEntries()
    .filter((entry) => entry.kind === 'file' && readElfAt(side.tree, entry.path))
    .some((entry) => Buffer.from(side.tree.read(entry.path)).includes(`${name}\0`))
  return opens ? undefined : 'the name of a library for linkers'
}

/**
 * The copy of a program in a build directory that `make install` or `cp` installed: the installed one is in the other
 * image as well, or is compared by itself.
 */
export function buildTreeCopy({ path, kind }: TreeEntry, side: Side): string | undefined {
  if (kind === 'dir' || compiling(side).length === 0 || startedFiles(side).has(path))
    return undefined
  const copy = installedCopy(side.tree, path, side.subject.baseLayers)
  if (copy === undefined) return undefined
  const name = baseName(path)
  return isNamed(name, side) || programsName(name, side)
    ? undefined
    : 'a copy in the build tree of what is installed'
}

type Program = {
  readonly name: string
  readonly bytes: Buffer
  /** Names by which the loader looks for libraries: P3 is about those. */
  readonly linked: readonly (string | undefined)[]
}

const programs = new WeakMap<Side, readonly Program[]>()

/** A program or library of the image, but one of this name itself, holds the name as a string: it may open it. */
function programsName(name: string, side: Side): boolean {
  const known =
    programs.get(side) ??
    side
      .ownEntries()
      .filter(
        (entry) =>
          // What debug information of an object says is no name that a program opens.
          !entry.path.endsWith('.o') &&
          // A compiler holds many words, and opens nothing of the project by itself.
          side.packages()?.ownerOf(entry.path) === undefined &&
          isElf(side.tree, entry) &&
          entry.size < mostBytes,
      )
      .map(({ path }) => {
        const elf = readElfAt(side.tree, path)
        const linked = [...(elf?.needed ?? []), elf?.soname]
        return { name: baseName(path), bytes: Buffer.from(side.tree.read(path)), linked }
      })
  programs.set(side, known)
  return known.some(
    (one) =>
      one.name !== name &&
      one.bytes.includes(one.linked.includes(name) ? `/${name}\0` : `${name}\0`),
  )
}

/** Programs beyond this are not searched for names. */
const mostBytes = 64 * 1024 * 1024

/** A source that loads TypeScript by itself. */
const loaderImport =
  /(?:require\s*\(|\bimport\b(?:[^'"\n]*from)?)\s*['"](?:ts-node|tsx|esbuild-register|@swc-node|@babel\/register|sucrase|jiti|vite['"]|webpack-dev-middleware|(?:node-)?sass-middleware|less-middleware|express-less)/

const languagesOf = new WeakMap<Side, readonly CompiledLanguage[]>()

/** Languages that a RUN line above the base compiles, and whose sources no started program reads. */
function compiling(side: Side): readonly CompiledLanguage[] {
  const known = languagesOf.get(side)
  if (known) return known
  const commands = linesAbove(side)
    .flatMap((line) => parseShell(scriptOf(line) ?? '').commands)
    .map(({ words }) => words.map(({ value, text }) => value ?? text))
    .map(([name = '', ...rest]) => [baseName(name), ...rest].join(' '))
  const programs = side.programs()
  const started = programs.map(({ name, path }) => baseName(path ?? name))
  const options = side.env.filter((line) => line.startsWith('NODE_OPTIONS='))
  const given = [...options, ...programs.flatMap((one) => [...one.arguments, ...one.files])]
  const texts = appTexts(side).filter(({ path }) => /\.[cm]?js$/.test(path))
  const isLoaded = ({ loader }: CompiledLanguage): boolean =>
    loader !== undefined &&
    (given.some((word) => word !== undefined && loader.test(word)) ||
      texts.some(({ text }) => loaderImport.test(text)))
  const found = compiledLanguages.filter(
    (one) =>
      commands.some((line) => one.by.test(line)) &&
      !started.some((name) => one.reads.test(name)) &&
      !(one.what === 'TypeScript' && runsSources(programs)) &&
      !isLoaded(one),
  )
  languagesOf.set(side, found)
  return found
}

/** True when a RUN line of the image compiles this language and no program of the image reads the sources. */
export function compiles(side: Side, what: string): boolean {
  return compiling(side).some((one) => one.what === what)
}

const startedOf = new WeakMap<Side, ReadonlySet<string>>()

function startedFiles(side: Side): ReadonlySet<string> {
  const known = startedOf.get(side)
  if (known) return known
  const found = new Set(
    side.programs().flatMap(({ path, files }) => [...(path === undefined ? [] : [path]), ...files]),
  )
  startedOf.set(side, found)
  return found
}

function baseName(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1)
}
