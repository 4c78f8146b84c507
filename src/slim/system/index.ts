/** System: which Debian packages and files the runtime stage needs, from evidence in the fat image. */

export { isBuildTool, isCompiler } from './build-only.ts'
export { dependenciesOf, withoutImplied } from './dependencies.ts'
export { entriesOf } from './entries.ts'
export { isLeftBehind, keptFiles } from './kept.ts'
export { bytesOf, type LeanBase, leanBase } from './lean-base.ts'
export { type LibraryNeed, libraryNeeds } from './libraries.ts'
export { buildPackages, type NamedPackage, namedPackages } from './named.ts'
export { type OpenedNeed, openedNeeds } from './opened.ts'
export { programNeeds } from './programs.ts'
