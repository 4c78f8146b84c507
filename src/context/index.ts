/**
 * Context: the files a build may copy. In: a directory and its ignore file, a tree, a URL, an archive.
 * Out: CopySources that read, hash and filter only what is asked for.
 */
export { type IgnoredByLine, ignoredByLine } from './account.ts'
export { type Adds, openAdds } from './add/adds.ts'
export type { ArchiveSource } from './add/archive.ts'
export { type ArchiveFormat, detectArchive } from './add/decompress.ts'
export type { Checkout } from './add/git.ts'
export { type OneFile, oneFile } from './add/one-file.ts'
export { type Download, isGitSource, urlFileName } from './add/url.ts'
export { type OpenContext, openContext } from './context.ts'
export { type IgnorePattern, ignoreMatcher, parseIgnore } from './ignore.ts'
export { findIgnoreFile } from './ignore-file.ts'
export { treeSource } from './tree-source.ts'
