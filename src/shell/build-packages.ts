/** Names of Debian, Alpine and Fedora packages that build software and are of no use to what was built. */
const names: ReadonlySet<string> = new Set([
  'alpine-sdk',
  'autoconf',
  'automake',
  'autotools-dev',
  'bazel',
  'binutils',
  'bison',
  'build-base',
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
  'linux-headers',
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
  /^(?:(?:gcc|g\+\+|cpp|clang|clang\+\+|llvm|gfortran|gobjc|golang|rust|swig)(?:-?\d[\w.]*)?(?:-.*)?|golang-go|golang|linux-headers-.*|libgcc-\d+-dev|libstdc\+\+-\d+-dev|.*-dev|.*-devel)$/

/** Runtime libraries whose names begin like a compiler's. */
const libraries: ReadonlySet<string> = new Set(['gcc-12-base', 'gcc-13-base', 'gcc-14-base'])

/** True for compilers, build systems, version control clients, headers and `-dev` packages. */
export function isBuildOnly(name: string): boolean {
  return !libraries.has(name) && (names.has(name) || families.test(name))
}

const people: ReadonlySet<string> = new Set([
  ...['vim', 'vim-tiny', 'vim-nox', 'vim-gtk3', 'neovim', 'nano', 'emacs', 'emacs-nox', 'joe'],
  ...['less', 'most', 'tree', 'htop', 'man-db', 'bash-completion'],
])

/** Editors and pagers: for who works in the container, not for what runs there. No app starts one by itself. */
export function isForPeople(name: string): boolean {
  return people.has(name)
}
