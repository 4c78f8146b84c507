/** Files: what of a tree is the app, and whether lean has it. In: two sides. Out: differences and their reasons. */
export { compareAccounts } from './accounts.ts'
export { isAppEntry } from './app-entry.ts'
export { compareAppFiles } from './app-files.ts'
export { missingCompiledCalls } from './compiled-calls.ts'
export { sameContent } from './content.ts'
export { missingData } from './data.ts'
export { unneededPackages } from './development.ts'
export { explain } from './explain.ts'
export { appImports } from './imports.ts'
export { onlyInstalled, tooling } from './installers.ts'
export {
  danglingLinks,
  missingEnvironmentPaths,
  missingPathTargets,
  missingShebangs,
} from './links.ts'
export { missingNamedPaths } from './named-paths.ts'
export { missingOpenedFiles } from './opened.ts'
export { bringsOwnData } from './own-data.ts'
export { missingPerlModules } from './perl.ts'
export { missingCalls, missingPrograms, missingVariablePrograms } from './programs.ts'
export { missingRuntimeNeeds } from './runtime-needs.ts'
export { usedPythons } from './used-pythons.ts'
