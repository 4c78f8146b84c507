/** A package of the system's package manager or of a language. */
export type Package = {
  readonly manager:
    | 'dpkg'
    | 'apk'
    | 'rpm'
    | 'pip'
    | 'npm'
    | 'gem'
    | 'composer'
    | 'maven'
    | 'cargo'
    | 'go'
    | 'nuget'
  readonly name: string
  readonly version: string
  /** Debian architecture or the like; absent for language packages. */
  readonly arch?: string
  readonly source?: string
  readonly section?: string
  readonly priority?: string
  /** The system does not work without it: Debian's `Essential: yes`, or `Protected: yes`. */
  readonly essential?: boolean
  /** Names it depends on (first alternative of each clause comes first; versions removed). */
  readonly depends: readonly (readonly string[])[]
  /** The same for what apt, dnf and zypper install besides unless told not to; absent when there is nothing. */
  readonly recommends?: readonly (readonly string[])[]
  readonly provides: readonly string[]
  /** Installed by itself where all of these are, as apk's subpackages (`tzdata-doc` where `tzdata` and `docs` are). */
  readonly installIf?: readonly string[]
  /**
   * Absolute paths it owns, usrmerge-normalised (`/usr/lib/...` for `/lib/...` where `/lib` is a link). Empty for what
   * was compiled or packed into a file that is not its own.
   */
  readonly files: readonly string[]
  /** Of a language's package: its directory, or the archive or program that it is part of. */
  readonly path?: string
}

export interface PackageDatabase {
  readonly packages: ReadonlyMap<string, Package>
  /** The package that owns a path (any spelling that reaches the same file), undefined when none does. */
  ownerOf(path: string): Package | undefined
  /** What the owner's record says the file at a real path is, where it says so, as RPM does. Licences have to stay. */
  markOf?(path: string): FileMark | undefined
}

export type FileMark = 'documentation' | 'licence'

/** What the dynamic loader reads of an ELF file. */
export type Elf = {
  readonly bits: 32 | 64
  readonly machine: number
  readonly type: 'executable' | 'shared' | 'relocatable' | 'other'
  readonly interpreter?: string
  readonly soname?: string
  readonly needed: readonly string[]
  readonly rpath: readonly string[]
  readonly runpath: readonly string[]
  /** `.gnu.version_r`: versions wanted, by library name. */
  readonly versionNeeds: ReadonlyMap<string, readonly string[]>
  /** `.gnu.version_d`: versions that this file defines. */
  readonly versionDefs: readonly string[]
}

/** One NEEDED entry and where the loader would find it. */
export type Link = {
  readonly from: string
  readonly needed: string
  /** Real path of the library, undefined when the loader would not find it. */
  readonly found: string | undefined
  /** Symbol versions that `from` wants of it and that it does not define. */
  readonly missingVersions: readonly string[]
}

/** Everything the loader would have to find, starting from a set of ELF files. */
export type Closure = {
  readonly elves: ReadonlyMap<string, Elf>
  readonly links: readonly Link[]
  /** PT_INTERP values that do not exist, by file. */
  readonly missingInterpreters: ReadonlyMap<string, string>
}

/** An installed Python distribution, from its `.dist-info` (PEP 376/627) or `.egg-info`. */
export type PythonDistribution = {
  readonly name: string
  /** PEP 503 normalised name. */
  readonly key: string
  readonly version: string
  /** Directory of the metadata. */
  readonly path: string
  /** Absolute paths of its RECORD (or installed-files.txt). */
  readonly files: readonly string[]
  /** Requires-Dist without extras' markers, normalised names. */
  readonly requires: readonly string[]
  readonly installer?: string
}

/** An interpreter, its site directories and what is installed there. */
export type PythonEnvironment = {
  /** A path that starts it, e.g. `/usr/local/bin/python3.11` or `/opt/venv/bin/python`. */
  readonly interpreter: string
  /** `3.11`. */
  readonly version: string
  /** `sys.prefix`: `/usr/local`, `/usr`, or the directory of a virtual environment. */
  readonly prefix: string
  readonly sitePackages: readonly string[]
  readonly distributions: readonly PythonDistribution[]
}

/** A thing that builds software and that the running app does not need. */
export type BuildTool = {
  readonly kind: 'compiler' | 'headers' | 'static-libraries' | 'package-cache' | 'vcs' | 'package'
  /** What a person calls it: `gcc-12`, `libpq-dev`, `apt lists`, or the directory of the headers. */
  readonly name: string
  /** The file, or the first file or the directory of a group. */
  readonly path: string
  /** System package that owns it. */
  readonly package?: string
  /**
   * The package whose own file record lists it although it is no build tool itself: `numpy 1.26.4` for numpy's
   * headers, `libpython3.11-stdlib 3.11.2-6` for a pyconfig.h. Such a file stays as long as its package does.
   */
  readonly keptBy?: string
  /** Layer the files come from; below the base's layer count it is the base's own. */
  readonly layer: number
  readonly bytes: number
  readonly files: number
}

export type CategoryId =
  | 'base-system'
  | 'runtime'
  | 'app'
  | 'language-packages'
  | 'compilers'
  | 'headers'
  | 'static-libraries'
  | 'vcs'
  | 'debug-tools'
  | 'package-caches'
  | 'docs-and-locales'
  | 'dev-libraries'
  | 'tool-dependencies'
  | 'bytecode'
  | 'package-metadata'
  | 'tests'
  | 'dev-dependencies'
  | 'other'

/**
 * How sure the category of a file is. `A`: a package's own record says so, and what the running app loads agrees.
 * `B`: its path or magic number, where the tool that writes such files is known. `C`: its name alone, or nothing
 * but its place; worth a look, and no ground for throwing it away.
 */
export type Confidence = 'A' | 'B' | 'C'

/** What a file is for, and what says so. */
export type Classification = {
  readonly category: CategoryId
  /** What a person calls its origin: `gcc-12 (dpkg)`, `Flask 3.0.0 (pip)`, `/root/.cache/pip`. */
  readonly what: string
  /** The rule that decided, in a few words: `dpkg: g++-12 is a build tool`, `path: apt lists`, `magic: ar archive`. */
  readonly evidence: string
  readonly confidence: Confidence
  /** The package whose file it is, or that wrote it. */
  readonly package?: Package
}

/** Bytes of one kind, with the largest evidence; `ballast` is what the running app never needs. */
export type Category = {
  readonly id: CategoryId
  readonly title: string
  readonly bytes: number
  readonly files: number
  readonly ballast: boolean
  /** The bytes again, by how sure their category is; they sum to `bytes`. */
  readonly confidence: Readonly<Record<Confidence, number>>
  /** Largest contributors, e.g. `g++-12 (dpkg)`, `/root/.cache/pip`. */
  readonly largest: readonly { readonly what: string; readonly bytes: number }[]
}

/** What a package weighs: its files that are in the image, and what its scripts wrote, not what its record promises. */
export type PackageWeight = Pick<Package, 'manager' | 'name' | 'version'> & {
  readonly bytes: number
  readonly files: number
  /** Purpose of most of its bytes, documentation and bytecode left out where there is anything else. */
  readonly category: CategoryId
  /** How sure that is: `C` for a runtime package that nothing is known to load. */
  readonly confidence: Confidence
  /** Its bytes by the layer that holds them, lowest first. */
  readonly layers: readonly { readonly layer: number; readonly bytes: number }[]
}

export type LayerSummary = {
  readonly index: number
  readonly createdBy: string
  readonly bytes: number
  readonly files: number
}

/** Bytes by layer and by category. The categories sum to `bytes`, the merged tree's regular files. */
export type Analysis = {
  /** Bytes of regular files in the merged tree, hard links counted once. */
  readonly bytes: number
  /** Sum of the layers: what `image ls` calls SIZE; at least `bytes`. */
  readonly layerBytes: number
  readonly layers: readonly LayerSummary[]
  readonly categories: readonly Category[]
  readonly packages: readonly Package[]
  /** A package database that is there and cannot be read: what its packages own looks like nobody's. Absent as a rule. */
  readonly unreadablePackages?: string
  /** One for each of `packages`, largest first. */
  readonly packageWeights: readonly PackageWeight[]
}
