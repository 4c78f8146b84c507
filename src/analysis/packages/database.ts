import type { FileTree } from '../../image/index.ts'
import type { PackageDatabase } from '../types.ts'
import { readApk } from './apk.ts'
import { readDpkg } from './dpkg.ts'
import { readRpm, unreadableRpm } from './rpm/index.ts'

/**
 * The database of whatever package manager the system has: dpkg, rpm or apk. One that lists nothing is passed over, for
 * each of them can be installed by another (Fedora's dpkg brings an empty `status` along).
 * @returns undefined without one
 */
export function systemPackages(tree: FileTree): PackageDatabase | undefined {
  let empty: PackageDatabase | undefined
  for (const read of [readDpkg, readRpm, readApk]) {
    const found = read(tree)
    if (found && found.packages.size > 0) return found
    empty ??= found
  }
  return empty
}

/**
 * The path of a package database of which nothing could be read, so that nobody takes its files for unowned ones.
 * @param database what `systemPackages` has found
 */
export function unreadablePackages(
  tree: FileTree,
  database: PackageDatabase | undefined,
): string | undefined {
  return database ? undefined : unreadableRpm(tree)
}
