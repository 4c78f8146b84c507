/** Packages: the databases of system package managers. In: a tree. Out: packages and who owns a path. */
export { systemPackages } from './database.ts'
export { readDpkg } from './dpkg.ts'
export { confidenceOfKind, isBuildPackage, kindOfPackage, type PackageKind } from './kind.ts'
