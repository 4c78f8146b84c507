import type { TreeEntry } from '../../image/index.ts'
import { parseShell } from '../../shell/index.ts'
import { linesAbove, scriptOf } from '../history.ts'
import { entryAt, type Side } from '../side.ts'
import { appNames, appTexts } from './imports.ts'

/** A kind of source that a build turns into something else, which is what the image runs. */
type Language = {
  readonly what: string
  /** Paths of sources and of what a build leaves beside its result. */
  readonly pattern: RegExp
  /** A command of a RUN line, its words joined, that compiles. */
  readonly by: RegExp
  /** Names of programs that read the sources at run time: with one of these started, nothing is explained. */
  readonly reads: RegExp
  /** Loaders of the sources that an argument, NODE_OPTIONS or a text of the app may name. */
  readonly loader?: RegExp
}

const languages: readonly Language[] = [
  {
    what: 'Go',
    pattern: /\.go$|\/go\.(?:mod|sum|work|work\.sum)$|\/vendor\/modules\.txt$|^\/go\/pkg(?:\/|$)/,
    by: /^go(?:\d[\d.]*)? (?:build|install)\b/,
    reads: /^(?:go(?:\d[\d.]*)?|air|reflex|dlv|yaegi)$/,
  },
  {
    what: 'Rust',
    pattern:
      /\.rs$|\/Cargo\.(?:toml|lock)$|\/(?:rust-toolchain(?:\.toml)?|rustfmt\.toml|clippy\.toml)$|\/target\/(?:[\w-]+\/)?(?:release|debug)\/(?:deps|build|incremental|examples|\.fingerprint|\.cargo-lock)(?:\/|$)|\/target\/(?:[\w-]+\/)?(?:release|debug)\/[^/]+\.(?:d|rlib|rmeta)$|\/target\/(?:\.rustc_info\.json|CACHEDIR\.TAG)$/,
    by: /^(?:cargo (?:\+\S+ )?(?:build|install|b|rustc|chef)|rustc)\b/,
    reads: /^(?:cargo|rustc|cargo-watch|bacon)$/,
  },
  {
    what: 'C and C++',
    pattern:
      /\.(?:c|cc|cpp|cxx|c\+\+|h|hh|hpp|hxx|inl|s|asm|ac|am|m4|cmake|lo|la|ninja|gcno|pc\.in|h\.in|cmake\.in)$|\/(?:CMakeLists\.txt|CMakeCache\.txt|CMakePresets\.json|compile_commands\.json|install_manifest\.txt|[Mm]akefile(?:\.in)?|GNUmakefile|meson\.build|meson_options\.txt|configure|config\.(?:log|status|guess|sub|h)|aclocal\.m4|libtool|ltmain\.sh|depcomp|missing|install-sh|compile|ar-lib|test-driver|ylwrap|stamp-h\d*|\.ninja_(?:deps|log)|\.dirstamp)$|\/(?:CMakeFiles|autom4te\.cache|\.deps|meson-(?:private|logs|info))(?:\/|$)/i,
    by: /^(?:make|gmake|cmake|ninja|meson|gcc|g\+\+|cc|c\+\+|clang|clang\+\+)(?:-[\d.]+)?(?: |$)/,
    reads: /^(?:make|gmake|cmake|ninja|gcc|g\+\+|cc|c\+\+|clang(?:\+\+)?|tcc|cling)$/,
  },
  {
    what: 'TypeScript',
    pattern:
      /\.[cm]?tsx?$|\.(?:jsx|vue|svelte|scss|sass|less|tsbuildinfo)$|\/tsconfig[\w.-]*\.json$|\/\.(?:eslintrc|prettierrc|babelrc|eslintignore|prettierignore|npmignore|editorconfig)(?:\.\w+)?$/,
    by: /^(?:tsc|vite|next|nest|ng|webpack|esbuild|rollup|parcel|swc)\b|^(?:npm|yarn|pnpm|npx)\b.*\b(?:build|compile|tsc|dist|bundle|vite|webpack|esbuild)\b/,
    reads:
      /^(?:ts-node[\w-]*|tsx|bun|bunx|deno|vite-node|babel-node|nodemon|jest|vitest|vite|ng|esno)$/,
    loader:
      /(?<![\w-])(?:ts-node|tsx|esbuild-register|@swc-node|@babel\/register|sucrase|jiti)(?![\w-])|\.[cm]?tsx?(?:$|['"\s])|--experimental-strip-types/,
  },
  {
    what: 'Java',
    pattern:
      /\.(?:java|kt|kts|scala|groovy|gradle)$|\/(?:pom\.xml|gradlew|mvnw|gradle\.properties)$|\/(?:\.mvn|\.gradle|gradle\/wrapper)(?:\/|$)|\/target\/(?:generated-sources|generated-test-sources|test-classes|maven-status|maven-archiver|surefire-reports|antrun)(?:\/|$)|\/target\/[^/]+\.jar\.original$|\/build\/(?:tmp|reports|test-results|generated|kotlin)(?:\/|$)|^(?:\/root|\/home\/[^/]+)\/\.(?:m2|gradle)(?:\/|$)/,
    by: /^(?:mvn|mvnw|gradle|gradlew|javac|kotlinc|sbt|ant)\b/,
    reads: /^(?:mvn|mvnw|gradle|gradlew|javac|jshell|kotlin|sbt|groovy|ant)$/,
  },
]

/** Where an app keeps what it serves or reads, whatever the file's name ends with. */
const dataFolder =
  /\/(?:static|public|assets|www|htdocs|html|templates|views|data|fixtures|examples|samples|snippets|downloads|media|content|docs)\//i

/**
 * Sources of a language that a RUN line of the image compiled. A file that some text of the app names, that lies where
 * data lies, or that the image's own programs read, is not explained: only running would tell.
 */
export function compiledAway({ path, kind }: TreeEntry, side: Side): string | undefined {
  const language = compiling(side).find(({ pattern }) => pattern.test(path))
  if (!language || dataFolder.test(path)) return undefined
  if (startedFiles(side).has(path)) return undefined
  const name = path.slice(path.lastIndexOf('/') + 1)
  const reads = kind === 'file' && isNamed(name, side)
  return reads
    ? undefined
    : `sources of ${language.what} and what the compiler left beside its result`
}

/** Names that every project has: a text that says one of them means its own. */
const common =
  /^(?:Makefile|configure|config\.(?:h|log|status)|missing|compile|index\.tsx?|main\.(?:c|cpp|go|rs|ts)|lib\.rs|mod\.rs|pom\.xml|tsconfig\.json)$/

/** A text that the app runs or reads names the file: BPF and OpenCL programs are C sources that are loaded. */
function isNamed(name: string, side: Side): boolean {
  if (common.test(name)) return false
  const scripts = new Set(side.programs().flatMap(({ script }) => script ?? []))
  const pattern = new RegExp(
    `(?<![\\w.-])${name.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')}(?![\\w.-])`,
  )
  return appTexts(side).some(
    ({ path, text }) =>
      !languages.some((one) => one.pattern.test(path)) &&
      !/\/(?:setup\.py|build\.py|conanfile\.py|wscript|SConstruct|package\.json|\.gitignore)$|\/tests?\//.test(
        path,
      ) &&
      (!/\.(?:sh|bash)$/.test(path) || scripts.has(path)) &&
      pattern.test(text),
  )
}

/**
 * A lock file of a package manager, and the copy of a program in a build directory that `make install` installed: the
 * installed one is in the other image as well, or is compared by itself.
 */
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

const installedTo = ['/usr/local/bin', '/usr/local/sbin', '/usr/local/lib', '/usr/local/libexec']

export function buildTreeCopy({ path, kind }: TreeEntry, side: Side): string | undefined {
  if (kind === 'dir' || !compiling(side).some(({ what }) => what === 'C and C++')) return undefined
  if (!inBuildTree(path, side) || startedFiles(side).has(path)) return undefined
  const name = path.slice(path.lastIndexOf('/') + 1)
  const twin = installedTo.map((dir) => entryAt(side.tree, `${dir}/${name}`)).find(Boolean)
  return twin && twin.layer >= side.subject.baseLayers && !path.startsWith('/usr/local/')
    ? `a copy in the build tree of what is installed in /usr/local`
    : undefined
}

/** A directory above holds what CMake, Ninja, Meson or a configured make leave. */
function inBuildTree(path: string, { tree }: Side): boolean {
  for (
    let dir = path.slice(0, path.lastIndexOf('/'));
    dir !== '';
    dir = dir.slice(0, dir.lastIndexOf('/'))
  )
    for (const mark of ['CMakeCache.txt', 'build.ninja', 'config.status', 'Makefile'])
      if (entryAt(tree, `${dir}/${mark}`)) return true
  return false
}

/** A source that loads TypeScript by itself. */
const loaderImport =
  /(?:require\s*\(|\bimport\b(?:[^'"\n]*from)?)\s*['"](?:ts-node|tsx|esbuild-register|@swc-node|@babel\/register|sucrase|jiti)/

const languagesOf = new WeakMap<Side, readonly Language[]>()

/** Languages that a RUN line above the base compiles, and whose sources no started program reads. */
function compiling(side: Side): readonly Language[] {
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
  const isLoaded = ({ loader }: Language): boolean =>
    loader !== undefined &&
    (given.some((word) => word !== undefined && loader.test(word)) ||
      texts.some(({ text }) => loaderImport.test(text)))
  const found = languages.filter(
    (one) =>
      commands.some((line) => one.by.test(line)) &&
      !started.some((name) => one.reads.test(name)) &&
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
