import type { Category, Classification, Package } from '../../types.ts'

/** Why a file or a package is in an image, and what needs it. */
export type Why = {
  readonly subject: 'file' | 'package'
  /** The path, or the package's name. */
  readonly name: string
  /** Where a link leads, when the path is one. */
  readonly target: string | null
  readonly bytes: number
  readonly files: number
  /** Purpose of most of its bytes. */
  readonly category: Pick<Category, 'id' | 'title' | 'ballast'>
  /** What says so, and how sure it is; of the largest file where the subject is a package. */
  readonly evidence: Classification['evidence']
  readonly confidence: Classification['confidence']
  /** Layers that hold it, 0 = lowest. */
  readonly layers: readonly number[]
  readonly package:
    | (Pick<Package, 'manager' | 'name' | 'version'> & {
        readonly source: string | null
        readonly section: string | null
        readonly priority: string | null
        /** True when the package manager installed it for others only; null where nothing tells. */
        readonly automatic: boolean | null
      })
    | null
  /** From a package that somebody asked for to this one, each depending on the next; empty when nothing tells. */
  readonly because: readonly string[]
  /** Files that the running app loads and that link this (or a file of the package), `from -> needed`. */
  readonly neededBy: readonly string[]
  /** From a file that the app starts with to this one, each loading the next; empty when none reaches it. */
  readonly loadedThrough: readonly string[]
  /** How many files of the running app were traced for that. */
  readonly traced: number
  /** Programs that the tracing began at. */
  readonly roots: readonly string[]
  /** True when the image starts it, or a file of it. */
  readonly started: boolean
  /** What has to be removed for it to go; null when it stays, or when that is not for a package manager to do. */
  readonly goesIf: Removal | null
}

export type Removal = {
  readonly manager: Package['manager']
  /** Packages that somebody asked for and that keep it. */
  readonly remove: readonly string[]
  /** How many packages go then, with those. */
  readonly packages: number
  /** What lies on disk of them, bytes. */
  readonly bytes: number
  /** Those of them that the app loads: they have to be installed by name then. */
  readonly loaded: readonly string[]
}

/** What is in a category, a layer or a directory with all below it. */
export type WhyGroup = {
  readonly subject: 'category' | 'layer' | 'directory'
  readonly name: string
  /** Of a category; what made a layer; where a directory really is. */
  readonly title: string
  readonly bytes: number
  readonly files: number
  /** Null when some of it is and some is not. */
  readonly ballast: boolean | null
  readonly layers: readonly number[]
  /** What decided, largest first. */
  readonly evidence: readonly Group[]
  /** Whose it is, largest first. */
  readonly owners: readonly Group[]
  /** Categories of a layer or a directory, or layers of a category, by bytes. */
  readonly parts: readonly Group[]
}

export type Group = { readonly name: string; readonly bytes: number; readonly files: number }
