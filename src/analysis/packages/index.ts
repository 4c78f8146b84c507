/** Packages: the databases of system package managers. In: a tree. Out: packages and who owns a path. */
export { type Automatic, automaticPackages } from './automatic.ts'
export { systemPackages, unreadablePackages } from './database.ts'
export { readDpkg } from './dpkg.ts'
export {
  confidenceOfKind,
  isBuildPackage,
  isForBuilding,
  kindOfPackage,
  type PackageKind,
} from './kind.ts'
export { finderIn, reachableFrom } from './reachable.ts'
