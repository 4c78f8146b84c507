/** Java: jars, the libraries they are and hold, and what their classes say. In: a tree. Out: names and versions. */
export { manifestClassPath } from './class-path.ts'
export {
  archiveContains,
  classesContain,
  differentMember,
  type JavaLibrary,
  librariesInJar,
  sameArchive,
} from './jars.ts'
export { javaModules } from './runtime.ts'
