/**
 * What names of packages say, in Debian, Ubuntu, Alpine, Fedora, RHEL and SUSE. A name may be followed by a version
 * (`gcc-12`) and by the target of a cross compiler (`gcc-12-aarch64-linux-gnu`).
 */
const named = (names: readonly string[], rest = '(?:[-.\\d].*)?'): RegExp =>
  new RegExp(`^(?:${names.join('|')})${rest}$`)

export const debug: RegExp = /-dbg$|-dbgsym$|-debuginfo$|-debugsource$/

/** Statically linked programs are no libraries: `busybox-static`. `dpkg-dev` builds, `manpages-dev` explains. */
export const headers: RegExp =
  /^(?!(?:dpkg|manpages)-dev$).*-dev$|-dev-bin$|-devel$|^(?!(?:busybox|bash|zsh|e2fsck|apk-tools|sash|qemu-.*)-).*-static$|-headers(?:-|$)|^linux-libc-dev|^linux-headers|^libc6-dev|^musl-dev$|^libstdc\+\+-\d+-dev|^libgcc-\d+-dev|^fortify-headers$/

/** `-devel` of Java is the compiler and its tools, not headers. */
export const javaTools: RegExp = /^java-[\d.]+-openjdk-(?:devel|jmods|src|demo|static-libs)/

export const docs: RegExp = /-docs?$|-javadoc$|-man$|^docs$|^man-db$|^man-?pages|^info$/

export const locales: RegExp =
  /^locales(?:-all)?$|-l10n|^language-pack-|-lang$|-locales?(?:-|$)|^glibc-all-langpacks$|^glibc-langpack-(?!(?:C|en)$)/

export const vcs: RegExp =
  /^(?:git(?:-(?!.*completion$|.*docs?$).*)?|mercurial(?:-.*)?|subversion(?:-.*)?|bzr|breezy|cvs|fossil)$/

export const bytecode: RegExp = /-pyc$|^pyc$/

/** For people at a prompt and for an init system, neither of which a container has. */
export const extras: RegExp = /-(?:bash|zsh|fish)-completion$|-openrc$/

/** They look like compilers by name and belong to the running system. */
export const notTools: RegExp =
  /^(?:gcc-\d+(?:\.\d+)?-base|libgcc(?:-s1|1|_s1)?|libstdc\+\+6?|libgomp1?|libatomic1?|libquadmath0?|libgfortran\d*|libtool-ltdl|.*-jre(?:-.*)?|gettext-base|gettext-libs|gettext-runtime|golang-.*-runtime)$/

export const tools: RegExp = named([
  ...['gcc', 'gcc-c\\+\\+', 'g\\+\\+', 'cpp', 'gfortran', 'gnat', 'gdc', 'gobjc(?:\\+\\+)?'],
  ...['gccgo', 'clang', 'clangd', 'llvm', 'lld', 'lldb', 'binutils', 'make', 'gmake', 'cmake'],
  ...['ninja', 'ninja-build', 'samurai', 'meson', 'scons', 'bazel', 'autoconf', 'automake'],
  ...['autotools-dev', 'libtool', 'm4', 'bison', 'flex', 'gettext', 'nasm', 'yasm', 'swig'],
  ...['ccache', 'build-essential', 'build-base', 'alpine-sdk', 'abuild', 'dpkg-dev', 'debhelper'],
  ...['devscripts', 'fakeroot', 'patch', 'pkg-config', 'pkgconf', 'cargo', 'ghc', 'ocaml'],
  ...['dh-python', 'gdb', 'strace', 'ltrace', 'valgrind', 'default-jdk', 'openjdk-?\\d+-jdk'],
  ...['maven', 'gradle', 'cython3?', 'rpcsvc-proto', 'rpm-build', 'redhat-rpm-config', 'annobin'],
  ...['rust(?:c|fmt|up)', 'go-(?:bootstrap|toolset|tools)', 'golang-(?:go|bin|src|any|misc)'],
])

/** The same where other programs' names begin alike: `golang-github-containers-common`, `rust-coreutils`. */
export const exactTools: RegExp =
  /^(?:go|rust|golang|golang-[\d.]+(?:-(?:go|src|doc|misc|race))?|rust-(?:all|src|gdb|lldb|llvm|clippy|analyzer|analysis|toolset|std.*)|openjdk\d+(?:-(?:jmods|src|demos|static-libs))?|elfutils)$/

/** Libraries that only compilers, linkers and sanitizers link. */
export const toolLibraries: RegExp =
  /^(?:lib(?:asan|tsan|lsan|ubsan|hwasan|itm|cc1|gprofng|isl|mpc|mpfr|ctf|ctf-nobfd|sframe)\d*|libcc1-0|libbinutils|libgprofng\d*|isl\d*|mpc1|mpfr4|libdpkg-perl|libfile-fcntllock-perl|libalgorithm-.*-perl|libfakeroot|(?:llvm|clang|binutils)[\d.]*-libs|clang[\d.]*-libclang)$/

/** Source packages of RPM whose packages build software; their libraries may serve a running program. */
export const toolSources: RegExp =
  /^(?:gcc|gcc-toolset-.*|binutils|make|cmake|llvm\d*|clang\d*|lld|lldb|compiler-rt|rust|golang|autoconf|automake|libtool|m4|bison|flex|gdb|annobin|redhat-rpm-config|nasm|yasm|swig|ninja-build|meson|ccache|valgrind|strace|ltrace|systemtap|dwz|debugedit|efi-srpm-macros)$/

export const alpineBase: RegExp =
  /^(?:alpine-baselayout.*|alpine-keys|alpine-release|apk-tools|busybox.*|musl|musl-utils|scanelf|ssl_client|libc-utils|zlib|libapk.*)$/

/** RPM marks nothing as essential; this is what every image of the family starts from. */
export const rpmBase: RegExp =
  /^(?:filesystem|setup|basesystem|bash|glibc|glibc-common|glibc-minimal-langpack|coreutils(?:-single|-common)?|rpm|rpm-libs|rpm-config-SUSE|(?:fedora|redhat|centos|centos-stream|rocky|almalinux|oraclelinux|system|amazon-linux|openSUSE|sles|azurelinux|mariner|photon)-release(?:-.*)?|dnf|dnf5|dnf-data|microdnf|tdnf|yum|zypper)$/
