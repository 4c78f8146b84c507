/**
 * Analysis: what is in an image and why. In: a FileTree and a configuration. Out: packages, ELF needs, categories,
 * bytes. Reads nothing but the tree it is given.
 */
export {
  accountLayers,
  analyzeImage,
  ballastCategories,
  explainInImage,
  type HiddenBytes,
  type ImageToAnalyze,
  type LayerAccount,
  type LayerToAccount,
  layerLines,
  type Why,
  type WhyGroup,
} from './bytes/index.ts'
export {
  type CompiledLanguage,
  compiledLanguages,
  dataFolder,
  dataReadBy,
  filesNamedBy,
  installedCopy,
  type ReadData,
} from './compiled/index.ts'
export { type DataFile, type DataId, dataFiles, needsMimeTypes } from './data-files.ts'
export { knownNeeds, type RuntimeNeed } from './dlopen-catalogue.ts'
export { allElfFiles, isElf, readElf, readElfAt, sectionAt } from './elf/index.ts'
export {
  executablesOf,
  findProgram,
  type ScriptInterpreter,
  type StartedProgram,
  scriptInterpreter,
  type Word,
} from './entry/index.ts'
export {
  archiveContains,
  classesContain,
  differentMember,
  type JavaLibrary,
  javaModules,
  librariesInJar,
  manifestClassPath,
  sameArchive,
} from './java/index.ts'
export { compilers, compilesWhenRun } from './just-in-time.ts'
export { type Libraries, type LinkOptions, librariesOf, linkClosure } from './linking/index.ts'
export {
  isBesidePacked,
  isOfCarriedPackage,
  type NodeModules,
  type NodePackage,
  nodeModules,
  type PackedServer,
  packedServer,
  runsSources,
} from './node/index.ts'
export {
  isBuildPackage,
  kindOfPackage,
  type PackageKind,
  readDpkg,
  systemPackages,
} from './packages/index.ts'
export { type ProgramParts, partsOf } from './programs/index.ts'
export {
  type ForeignLibrary,
  foreignLibraries,
  installerOnly,
  moduleNameOf,
  nativeModulesOf,
  type PathFile,
  pathFiles,
  pythonEnvironments,
  topModulesOf,
} from './python/index.ts'
export { type Gem, rubyGems } from './ruby/index.ts'
export { buildTools } from './tools/index.ts'
export type * from './types.ts'
