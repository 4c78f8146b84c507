import type { FileTree, TreeEntry } from '../../image/index.ts'
import { byDirectory, nameOf, parentOf } from '../canonical.ts'
import { headOf } from '../text.ts'

/** What a single file tells about itself by path (and magic number where a name is not enough). */
export type Sign = 'compiler' | 'headers' | 'static-libraries' | 'package-cache' | 'vcs'

/** The sign of a file that builds software or is left over from building; undefined for most files. */
export function signOf(tree: FileTree, entry: TreeEntry): Sign | undefined {
  const { path } = entry
  const place = placeOf(path)
  if (place.vcs !== undefined) return 'vcs'
  if (cacheOf(path) !== undefined) return 'package-cache'
  if ((place.bin || place.gcc) && isCompilerPath(path)) return 'compiler'
  if (!place.system) return undefined
  if (place.include || header.test(path)) return 'headers'
  return isStaticLibrary(tree, entry) ? 'static-libraries' : undefined
}

/** What the directory tells of every file in it. */
const placeOf = byDirectory((dir) => {
  const within = `${dir}/`
  return {
    vcs: within.includes('/.') ? /^.*?\/\.(?:git|hg|svn)(?=\/)/.exec(within)?.[0] : undefined,
    cache: perhapsCache.test(within),
    bin: /\/s?bin\/$/.test(within),
    gcc: /\/(?:lib|libexec|lib64)\/gcc\//.test(within),
    system: systemPlace.test(within),
    include: includes.test(within),
  }
})

const compilers =
  /^(?:(?:(?:[\w.]+-)*(?:gnu|musl|elf|eabi)\w*-)?(?:gcc|g\+\+|c\+\+|cc|cpp|gfortran|gnat|as|ar|ld|ld\.(?:bfd|gold|lld)|gold|ranlib|clang|clang\+\+|clang-cl|lld|ld64\.lld|gcc-(?:ar|nm|ranlib))|c89|c99|rustc|cargo|rustup|javac|jlink|go|gofmt|make|gmake|cmake|ctest|cpack|ninja|meson|autoconf|automake|autoreconf|libtoolize|bison|flex|m4|swig|nasm|yasm|pkg-config|pkgconf|ccache|ghc|ocamlc|ocamlopt|nvcc|dpkg-buildpackage|gdb)(?:-\d+(?:\.\d+)*)?$/
const inner = /^(?:cc1|cc1plus|cc1obj|f951|lto1|lto-wrapper|collect2|g\+\+-mapper-server)$/

/** A compiler, assembler, linker or build system in a `bin` directory, or the inner parts of GCC. */
export function isCompilerPath(path: string): boolean {
  const name = nameOf(path)
  const { bin, gcc } = placeOf(path)
  return (bin && compilers.test(name)) || (gcc && inner.test(name))
}

/** Places that belong to the system or to packages, where a header is never a project's own source. */
const systemPlace = /^\/(?:usr\/(?!src\/)|opt\/)|\/(?:site|dist)-packages\//

/** C and C++ headers: everything in an include directory of the system, and the usual extensions elsewhere in it. */
const header = /\.(?:h|hh|hpp|hxx|inl|ipp|tcc)$/
const includes = /^\/(?:usr|usr\/local|usr\/lib\/gcc\/.*|usr\/[\w-]+)\/include\//

/** Archives by magic number (`!<arch>`), and what belongs to linking: `.o`, `.rlib`, `.rmeta`. */
function isStaticLibrary(tree: FileTree, entry: TreeEntry): boolean {
  if (entry.kind !== 'file') return false
  if (/\.(?:o|rlib|rmeta)$/.test(entry.path)) return true
  if (!entry.path.endsWith('.a')) return false
  const magic = String.fromCharCode(...headOf(tree, entry.path, entry.size, 8))
  return magic === '!<arch>\n' || magic === '!<thin>\n'
}

/**
 * A path below one of these is what a package manager would fetch again. Left-over wheels and .deb
 * files count anywhere but inside Python itself, which bundles pip as a wheel.
 */
const caches: readonly (readonly [string, RegExp])[] = [
  ['apt lists', /^\/var\/lib\/apt\/lists\/(?!lock$|partial$|auxfiles$)/],
  ['apt archives', /^\/var\/cache\/apt\//],
  ['apk cache', /^\/(?:var\/cache|etc)\/apk\/(?:cache\/)?APKINDEX|^\/var\/cache\/apk\//],
  ['dnf cache', /^\/var\/cache\/(?:dnf|yum|libdnf5)\//],
  ...homeCaches(),
  ['npm cache', /^\/(?:root|home\/[^/]+)\/\.npm\/_(?:cacache|npx|prebuilds)\//],
  ['cargo registry', /\/\.?cargo\/(?:registry|git)\/(?:cache|src|index|db|checkouts)\//],
  ['Go modules', /^\/(?:root\/)?go\/pkg\/mod\//],
  ['Maven repository', /^\/(?:root|home\/[^/]+)\/\.m2\/repository\//],
  ['Gradle cache', /^\/(?:root|home\/[^/]+)\/\.gradle\/caches\//],
  ['NuGet packages', /^\/(?:root|home\/[^/]+)\/\.nuget\/packages\//],
  ['wheels', /^\/(?!usr\/(?!src\/))(?!.*\/(?:ensurepip|site-packages|dist-packages)\/).*\.whl$/],
  ['deb files', /^\/(?!usr\/(?!src\/)).*\.deb$/],
]

/** One look at a directory instead of twenty at each file: without one of these words it is part of no cache. */
const perhapsCache =
  /cache|\/apt\/|\/apk\/|\/\.npm\/|cargo\/|\/go\/pkg\/mod\/|\/\.m2\/|\/\.gradle\/|\/\.nuget\//

/** `~/.cache` also holds models and browsers that an app needs at run time: only the known tools count. */
function homeCaches(): readonly (readonly [string, RegExp])[] {
  return ['pip', 'uv', 'pypoetry', 'pdm', 'pip-tools', 'go-build', 'yarn', 'node-gyp', 'pnpm'].map(
    (name) => [`${name} cache`, new RegExp(`^/(?:root|home/[^/]+)/\\.cache/${name}/`)] as const,
  )
}

/** The cache a path belongs to: what it is called and its directory. */
export function cacheOf(path: string): { readonly name: string; readonly dir: string } | undefined {
  if (!placeOf(path).cache && !path.endsWith('.whl') && !path.endsWith('.deb')) return undefined
  for (const [name, pattern] of caches) {
    const match = pattern.exec(path)
    if (match) return { name, dir: parentOf(match[0].endsWith('/') ? `${match[0]}_` : match[0]) }
  }
  return undefined
}

/** The repository data a path belongs to: `…/.git`, `.hg` or `.svn`. */
export function vcsDirectoryOf(path: string): string | undefined {
  return placeOf(path).vcs
}
