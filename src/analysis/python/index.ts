/** Python: interpreters, what is installed for them, and what it loads. In: a tree and a configuration. */
export { normalizedName } from './distributions.ts'
export { pythonEnvironments } from './environments.ts'
export { moduleNameOf, nativeModulesOf } from './modules.ts'
export { type PathFile, pathFiles } from './path-files.ts'
