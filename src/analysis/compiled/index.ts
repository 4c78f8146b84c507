/** Compiled: what is a source, what a build leaves, and what it made. In: paths and a tree. Out: tables and judgements. */
export { installedCopy } from './build-trees.ts'
export { type CompiledLanguage, compiledLanguages, dataFolder } from './languages.ts'
export { filesNamedBy, type NamedFile } from './named-files.ts'
export { dataReadBy, type ReadData } from './read-data.ts'
