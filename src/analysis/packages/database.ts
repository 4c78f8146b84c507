import type { FileTree } from '../../image/index.ts'
import type { PackageDatabase } from '../types.ts'
import { readApk } from './apk.ts'
import { readDpkg } from './dpkg.ts'
import { readRpm } from './rpm/index.ts'

/** The database of whatever package manager the system has: dpkg, rpm or apk. @returns undefined without one */
export function systemPackages(tree: FileTree): PackageDatabase | undefined {
  return readDpkg(tree) ?? readRpm(tree) ?? readApk(tree)
}
