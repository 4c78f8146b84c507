/** Files: what of a tree is the app, and whether lean has it. In: two sides. Out: differences and their reasons. */
export { compareAccounts } from './accounts.ts'
export { compareAppFiles, type FileComparison, isAppEntry } from './app-files.ts'
export { sameContent } from './content.ts'
export { missingData } from './data.ts'
export { explain, isCopy } from './explain.ts'
export { appImports, appSources } from './imports.ts'
export {
  danglingLinks,
  missingEnvironmentPaths,
  missingPathTargets,
  missingShebangs,
} from './links.ts'
export { missingCalls, missingPrograms } from './programs.ts'
export { missingRuntimeNeeds, type RuntimeNeeds } from './runtime-needs.ts'
