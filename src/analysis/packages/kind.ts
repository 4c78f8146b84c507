import type { Package } from '../types.ts'

/** What a system package is for; `tool-library` serves compilers only, `runtime` is everything without a sign. */
export type PackageKind =
  | 'base'
  | 'debug'
  | 'headers'
  | 'tool'
  | 'tool-library'
  | 'vcs'
  | 'docs'
  | 'locales'
  | 'runtime'

/**
 * The first rule that fits decides (Debian's and Alpine's names and sections). Names come before sections, because
 * sections mislead: `cpp-12` is in interpreters, `patch` in vcs, `pkg-config` in oldlibs, `perl-modules` in libs.
 */
export function kindOfPackage(one: Package): PackageKind {
  const known = kinds.get(one)
  if (known) return known
  const kind = decide(one)
  kinds.set(one, kind)
  return kind
}

/** Every file of a package asks for its kind. */
const kinds = new WeakMap<Package, PackageKind>()

function decide(one: Package): PackageKind {
  const { name } = one
  const section = (one.section ?? '').replace(/^.*\//, '')
  if (one.essential || one.priority === 'required' || alpineBase.test(name)) return 'base'
  if (debug.test(name) || (section === 'debug' && name !== 'gdb')) return 'debug'
  if (headers.test(name) || section === 'libdevel') return 'headers'
  if (notTools.test(name)) return 'runtime'
  if (tools.test(name) || name.startsWith('.')) return 'tool'
  if (toolLibraries.test(name)) return 'tool-library'
  if (vcs.test(name)) return 'vcs'
  if (section === 'doc' || docs.test(name)) return 'docs'
  if ((section === 'localization' && name !== 'tzdata') || locales.test(name)) return 'locales'
  if (section === 'devel') return 'tool'
  return section === 'vcs' ? 'vcs' : 'runtime'
}

/**
 * True for a package that builds software: what a lean image must not add to its base. Libraries of compilers do not
 * count, because a runtime program may bring one along (gawk depends on libmpfr6).
 */
export function isBuildPackage(one: Package): boolean {
  const kind = kindOfPackage(one)
  return kind === 'tool' || kind === 'headers'
}

/** Names with an optional version (`gcc-12`, `llvm-14-dev`) and an optional target (`gcc-aarch64-linux-gnu`). */
const named = (names: readonly string[], rest = '(?:[-.\\d].*)?'): RegExp =>
  new RegExp(`^(?:${names.join('|')})${rest}$`)

const debug = /-dbg$|-dbgsym$/
const headers =
  /-dev$|-dev-bin$|-devel$|-static$|-headers(?:-|$)|^linux-libc-dev|^linux-headers|^libc6-dev|^musl-dev$|^libstdc\+\+-\d+-dev|^libgcc-\d+-dev|^fortify-headers$/
const docs = /-doc$|-docs$|-man$|^man-db$|^info$/
const locales = /^locales(?:-all)?$|-l10n|^language-pack-|-lang$|^musl-locales/
const vcs = /^(?:git|git-man|git-core|mercurial|mercurial-common|subversion|bzr|breezy|cvs|fossil)$/
const alpineBase =
  /^(?:alpine-baselayout.*|alpine-keys|alpine-release|apk-tools|busybox.*|musl|musl-utils|scanelf|ssl_client|libc-utils)$/

/** They look like compilers by name and belong to the running system. */
const notTools =
  /^(?:gcc-\d+(?:\.\d+)?-base|libgcc(?:-s1|1)?|libstdc\+\+6?|libgomp1?|libatomic1?|libquadmath0?|libgfortran\d*|.*-jre(?:-.*)?|gettext-base|golang-.*-runtime)$/

const tools = named(
  [
    ...['gcc', 'g\\+\\+', 'cpp', 'gfortran', 'gnat', 'gdc', 'gobjc(?:\\+\\+)?', 'gccgo'],
    ...['clang', 'clangd', 'llvm', 'lld', 'lldb', 'binutils', 'make', 'make-guile', 'gmake'],
    ...['cmake', 'cmake-data', 'ninja', 'ninja-build', 'samurai', 'meson', 'scons', 'bazel'],
    ...['autoconf', 'automake', 'autotools-dev', 'libtool', 'libtool-bin', 'm4', 'bison', 'flex'],
    ...['nasm', 'yasm', 'swig', 'ccache', 'build-essential', 'build-base', 'alpine-sdk', 'abuild'],
    ...['dpkg-dev', 'debhelper', 'devscripts', 'fakeroot', 'patch', 'pkg-config', 'pkgconf'],
    ...['pkgconf-bin', 'rustc', 'cargo', 'rust', 'golang', 'go', 'ghc', 'ocaml', 'dh-python'],
    ...[
      'gdb',
      'strace',
      'ltrace',
      'valgrind',
      'default-jdk',
      'openjdk-\\d+-jdk',
      'openjdk\\d+-jdk',
    ],
    ...[
      'openjdk\\d+',
      'maven',
      'gradle',
      'gettext',
      'cython3',
      'cython',
      'gcc-multilib',
      'rpcsvc-proto',
    ],
  ],
  '(?:[-.\\d].*)?',
)

/** Libraries that only compilers, linkers and sanitizers link. */
const toolLibraries =
  /^(?:lib(?:asan|tsan|lsan|ubsan|hwasan|itm|cc1|gprofng|isl|mpc|mpfr|ctf|ctf-nobfd|sframe)\d*|libcc1-0|libbinutils|libgprofng\d*|isl\d*|mpc1|mpfr4|binutils-common|libdpkg-perl|libfile-fcntllock-perl|libalgorithm-.*-perl|libfakeroot)$/
