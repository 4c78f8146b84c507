/**
 * Analysis: what is in an image and why. In: a FileTree and a configuration. Out: packages, ELF needs, categories,
 * bytes. Reads nothing but the tree it is given.
 */
export { allElfFiles, readElf, readElfAt } from './elf/index.ts'
export { type LinkOptions, linkClosure } from './linking/index.ts'
export { readApk, readDpkg } from './packages/index.ts'
export {
  moduleNameOf,
  nativeModulesOf,
  normalizedName,
  type PathFile,
  pathFiles,
  pythonEnvironments,
} from './python/index.ts'
export type * from './types.ts'
