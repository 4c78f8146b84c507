import { nameOf } from '../canonical.ts'
import type { PythonDistribution } from '../types.ts'

/** Shared objects of a distribution: extension modules, and libraries it bundles (`numpy.libs/…so.3`). */
export function nativeModulesOf(distribution: PythonDistribution): readonly string[] {
  return distribution.files.filter((path) => /\.so(?:\.\d+)*$/.test(path))
}

/**
 * The name under which an extension file is imported: `…/site-packages/psycopg2/_psycopg.cpython-311-….so` →
 * `psycopg2._psycopg`.
 * @param sitePackages directories of the import path
 * @returns undefined for files that no import statement can reach: bundled libraries, or outside of the path
 */
export function moduleNameOf(path: string, sitePackages: readonly string[]): string | undefined {
  const site = sitePackages
    .filter((dir) => path.startsWith(`${dir}/`))
    .sort((a, b) => b.length - a.length)[0]
  const stem = /^([^.]+)(?:\.(?:cpython-|pypy|abi3)[^.]*)?\.so$/.exec(nameOf(path))?.[1]
  if (site === undefined || stem === undefined) return undefined
  const packages = path
    .slice(site.length + 1)
    .split('/')
    .slice(0, -1)
  const parts = [...packages, stem]
  return parts.every((part) => /^[\p{ID_Start}_][\p{ID_Continue}]*$/u.test(part))
    ? parts.join('.')
    : undefined
}
