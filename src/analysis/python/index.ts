/** Python: interpreters, what is installed for them, and what it loads. In: a tree and a configuration. */
export { pythonEnvironments } from './environments.ts'
export { type ForeignLibrary, foreignLibraries } from './foreign-libraries.ts'
export { buildOnly, installerOnly, topModulesOf } from './installers.ts'
export { moduleNameOf, nativeModulesOf } from './modules.ts'
export { type PathFile, pathFiles } from './path-files.ts'
