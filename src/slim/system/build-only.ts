/** Names of Debian packages that build software and are of no use to what was built. */
const names: ReadonlySet<string> = new Set([
  'autoconf',
  'automake',
  'autotools-dev',
  'bazel',
  'binutils',
  'bison',
  'build-essential',
  'cargo',
  'ccache',
  'checkinstall',
  'cmake',
  'cmake-data',
  'cpp',
  'cython3',
  'debhelper',
  'devscripts',
  'dh-autoreconf',
  'dpkg-dev',
  'fakeroot',
  'flex',
  'gdb',
  'git',
  'git-core',
  'libtool',
  'libtool-bin',
  'linux-libc-dev',
  'm4',
  'make',
  'mercurial',
  'meson',
  'nasm',
  'ninja-build',
  'patch',
  'pkg-config',
  'pkgconf',
  'pkgconf-bin',
  'protobuf-compiler',
  'python-dev-is-python3',
  'python3-pip',
  'python3-setuptools',
  'python3-venv',
  'python3-wheel',
  'rustc',
  'scons',
  'subversion',
  'swig',
  'yasm',
])

const families =
  /^(?:(?:gcc|g\+\+|cpp|clang|clang\+\+|llvm|gfortran|gobjc|golang|rust|swig)(?:-?\d[\w.]*)?(?:-.*)?|golang-go|golang|linux-headers-.*|libgcc-\d+-dev|libstdc\+\+-\d+-dev|.*-dev)$/

/** Runtime libraries whose names begin like a compiler's. */
const libraries: ReadonlySet<string> = new Set(['gcc-12-base', 'gcc-13-base', 'gcc-14-base'])

/** True for compilers, build systems, version control clients, headers and `-dev` packages. */
export function isBuildOnly(name: string): boolean {
  return !libraries.has(name) && (names.has(name) || families.test(name))
}

/** Commands that only make sense where a build takes place, or that a slim base does not have. */
const tools: ReadonlySet<string> = new Set([
  'as',
  'autoconf',
  'autoreconf',
  'bazel',
  'c++',
  'cargo',
  'cc',
  'clang',
  'clang++',
  'cmake',
  'configure',
  'curl',
  'cython',
  'dpkg-buildpackage',
  'f2py',
  'g++',
  'gcc',
  'gfortran',
  'git',
  'go',
  'hg',
  'ld',
  'make',
  'meson',
  'ninja',
  'node',
  'npm',
  'npx',
  'patch',
  'pnpm',
  'protoc',
  'rustc',
  'rustup',
  'scons',
  'svn',
  'swig',
  'unzip',
  'wget',
  'xz',
  'yarn',
])

/** True for a program that builds, fetches or unpacks: `make`, `/usr/bin/gcc`, `./configure`, `curl`. */
export function isBuildTool(command: string): boolean {
  const name = command.slice(command.lastIndexOf('/') + 1)
  return tools.has(name) || isCompiler(name)
}

/** True for a compiler, assembler or linker, also with version and target in its name. */
export function isCompiler(command: string): boolean {
  const name = command.slice(command.lastIndexOf('/') + 1)
  return /^(?:[\w]+-linux-\w+-)?(?:gcc|g\+\+|cc|c\+\+|clang|clang\+\+|gfortran|rustc|nvcc|cc1)(?:-\d+)?$/.test(
    name,
  )
}
