/** A kind of source that a build turns into something else, which is what the image runs. */
export type CompiledLanguage = {
  readonly what:
    | 'Go'
    | 'Rust'
    | 'C and C++'
    | 'OCaml'
    | 'Haskell'
    | 'Fortran'
    | 'TypeScript'
    | 'Java'
  /** Paths of sources, and of the files that tell the build what to do. */
  readonly sources: RegExp
  /** Paths of what the build keeps for itself: caches, objects, records. Nothing of it is an app's data. */
  readonly leftovers: RegExp
  /** A command of a RUN line, its words joined and its program without a folder, that compiles. */
  readonly by: RegExp
  /** Names of programs that read the sources at run time. */
  readonly reads: RegExp
  /** Loaders of the sources that an argument, NODE_OPTIONS or a text of the app may name. */
  readonly loader?: RegExp
}

/** Languages whose sources an image does not need once they are compiled. */
export const compiledLanguages: readonly CompiledLanguage[] = [
  {
    what: 'Go',
    sources: /\.go$|\/go\.(?:mod|sum|work|work\.sum)$|\/\.golangci\.[\w.]+$/,
    leftovers:
      /^\/go\/pkg(?:\/|$)|\/vendor\/modules\.txt$|\/\.cache\/go-build(?:\/|$)|\/\.config\/go(?:\/|$)/,
    by: /^go(?:\d[\d.]*)? (?:build|install)\b/,
    reads: /^(?:go(?:\d[\d.]*)?|air|reflex|dlv|yaegi)$/,
  },
  {
    what: 'Rust',
    sources:
      /\.rs$|\/Cargo\.(?:toml|lock)$|\/(?:rust-toolchain(?:\.toml)?|\.?rustfmt\.toml|\.?clippy\.toml)$/,
    leftovers:
      /\/target\/(?:[\w-]+\/)?(?:release|debug)\/(?:deps|build|incremental|examples|\.fingerprint|\.cargo-[\w-]*lock)(?:\/|$)|\/target\/(?:[\w-]+\/)?(?:release|debug)\/[^/]+\.(?:d|rlib|rmeta)$|\/target\/(?:[\w-]+\/)?(?:\.rustc_info\.json|CACHEDIR\.TAG)$|^(?:\/usr\/local\/|\/root\/\.|\/home\/[^/]+\/\.)cargo\/(?:registry|git|\.crates\.toml$|\.crates2\.json$|\.package-cache)/,
    by: /^(?:cargo (?:\+\S+ )?(?:build|install|b|rustc|chef)|rustc)\b/,
    reads: /^(?:cargo|rustc|cargo-watch|bacon)$/,
  },
  {
    what: 'C and C++',
    sources:
      /\.(?:c|cc|cpp|cxx|c\+\+|h|hh|hpp|hxx|inl|s|asm|ac|am|m4|cmake|pc\.in|h\.in|cmake\.in)$|\/(?:CMakeLists\.txt|CMakePresets\.json|[Mm]akefile(?:\.in)?|GNUmakefile|meson\.build|meson_options\.txt|configure|autogen\.sh|bootstrap\.sh|config\.(?:guess|sub|h))$/i,
    leftovers:
      /\.(?:lo|la|ninja|gcno)$|\/(?:CMakeCache\.txt|compile_commands\.json|install_manifest\.txt|config\.(?:log|status)|aclocal\.m4|libtool|ltmain\.sh|depcomp|missing|install-sh|compile|ar-lib|test-driver|ylwrap|stamp-h\d*|configure~|\.ninja_(?:deps|log)|\.dirstamp)$|\/(?:CMakeFiles|autom4te\.cache|\.deps|meson-(?:private|logs|info))(?:\/|$)/i,
    by: /^(?:make|gmake|cmake|ninja|meson|gcc|g\+\+|cc|c\+\+|clang|clang\+\+)(?:-[\d.]+)?(?: |$)/,
    reads: /^(?:make|gmake|cmake|ninja|gcc|g\+\+|cc|c\+\+|clang(?:\+\+)?|tcc|cling)$/,
  },
  {
    what: 'OCaml',
    sources: /\.mli?$|\.ml[ly]$|\/(?:dune|dune-project|[\w-]+\.opam)$/,
    leftovers:
      /\.(?:cm[ioxt]|cmti|cmx?a|annot)$|\/_build(?:\/|$)|^\/(?:root|home\/[^/]+)\/\.opam(?:\/|$)/,
    by: /^(?:ocaml(?:opt|c|find|build)|dune|opam)\b/,
    reads: /^(?:ocaml|ocamlrun|utop|dune)$/,
  },
  {
    what: 'Haskell',
    sources: /\.l?hs$|\/(?:cabal\.project|stack\.yaml|stack\.yaml\.lock|package\.yaml)$|\.cabal$/,
    leftovers:
      /\.(?:hi|dyn_hi|dyn_o)$|\/(?:dist-newstyle|\.stack-work)(?:\/|$)|^\/(?:root|home\/[^/]+)\/\.(?:cabal|stack|ghcup)(?:\/|$)/,
    by: /^(?:ghc|cabal|stack)\b/,
    reads: /^(?:ghc|ghci|runghc|runhaskell|cabal|stack)$/,
  },
  {
    what: 'Fortran',
    sources: /\.(?:f|for|f77|f90|f95|f03|f08)$|\/fpm\.toml$/i,
    leftovers: /\.s?mod$/,
    by: /^(?:gfortran|fpm)(?:-[\d.]+)?\b/,
    reads: /^(?:gfortran|fpm)$/,
  },
  {
    what: 'TypeScript',
    sources:
      /\.[cm]?tsx?$|\.(?:jsx|vue|svelte|scss|sass|less|tsbuildinfo)$|\/tsconfig[\w.-]*\.json$|\/\.(?:eslintrc|prettierrc|babelrc|eslintignore|prettierignore|npmignore|editorconfig)(?:\.\w+)?$/,
    leftovers: /(?!)/,
    by: /^(?:tsc|vite|next|nest|ng|webpack|esbuild|rollup|parcel|swc)\b|^(?:npm|yarn|pnpm|npx)\b.*\b(?:build|compile|tsc|dist|bundle|vite|webpack|esbuild)\b/,
    reads:
      /^(?:ts-node[\w-]*|tsx|bun|bunx|deno|vite-node|babel-node|nodemon|jest|vitest|vite|ng|esno)$/,
    loader:
      /(?<![\w-])(?:ts-node|tsx|esbuild-register|@swc-node|@babel\/register|sucrase|jiti)(?![\w-])|\.[cm]?tsx?(?:$|['"\s])|--experimental-strip-types/,
  },
  {
    what: 'Java',
    sources:
      /\.(?:java|kt|kts|scala|groovy|gradle)$|\/(?:pom\.xml|gradlew|mvnw|gradle\.properties)$|\/(?:\.mvn|\.gradle|gradle\/wrapper)(?:\/|$)/,
    leftovers:
      /\/target\/(?:generated-sources|generated-test-sources|test-classes|maven-status|maven-archiver|surefire-reports|antrun)(?:\/|$)|\/target\/(?:[^/]+\.jar\.original|original-[^/]+\.jar)$|\/dependency-reduced-pom\.xml$|\/build\/(?:tmp|reports|test-results|generated|kotlin)(?:\/|$)|^(?:\/root|\/home\/[^/]+)\/\.(?:m2|gradle)(?:\/|$)/,
    by: /^(?:mvn|mvnw|gradle|gradlew|javac|kotlinc|sbt|ant)\b/,
    reads: /^(?:mvn|mvnw|gradle|gradlew|javac|jshell|kotlin|sbt|groovy|ant)$/,
  },
]

/** Where an app keeps what it serves or reads, whatever a file's name ends with. */
export const dataFolder: RegExp =
  /\/(?:static|public|assets|www|htdocs|html|templates|views|data|fixtures|examples|samples|snippets|downloads|media|content|docs)\//i
