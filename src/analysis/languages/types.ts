import type { TreeEntry } from '../../image/index.ts'
import type { Classification, Package } from '../types.ts'

/** What a language's own records say about one file. */
export type LanguageFact = Classification & { readonly package?: Package }

export type LanguageFacts = {
  /** What is known of a regular file; undefined when no language's record speaks for it. */
  readonly of: (entry: TreeEntry) => LanguageFact | undefined
  /** Packages of every language, in no order. */
  readonly packages: readonly Package[]
}

/** A directory that one record speaks for, up to the directories of claims inside it. */
export type Claim = {
  readonly root: string
  /** @param rest the path below the root; the whole path when a file lies elsewhere */
  readonly classify: (rest: string, entry: TreeEntry) => LanguageFact | undefined
}

/** What one ecosystem found in a tree. */
export type Reading = {
  readonly claims: readonly Claim[]
  /** Single files that a record names, whatever directory they lie in. They go before directories. */
  readonly files?: ReadonlyMap<string, Claim>
  /** Single files that say themselves what they are: they count where no record speaks for their directory. */
  readonly loose?: ReadonlyMap<string, Claim>
  readonly packages: readonly Package[]
}
