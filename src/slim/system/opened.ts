import {
  findProgram,
  foreignLibraries,
  knownNeeds,
  librariesOf,
  needsMimeTypes,
  type PackageDatabase,
  type PythonDistribution,
} from '../../analysis/index.ts'
import { type FileTree, type ImageConfig, resolvePath } from '../../image/index.ts'
import type { LeanBase } from './lean-base.ts'

/** A package that is opened or started at run time, where no ELF file says so. */
export type OpenedNeed = {
  readonly package: string
  /** The library, program or data. */
  readonly what: string
  /** The Python package, or the file of the app, that does it. */
  readonly by: string
}

/**
 * What the catalogue knows of the installed distributions, and libraries whose names stand in calls of ctypes and
 * cffi. Only what the fat image has, a system package owns and the lean base lacks counts; what a call names may never
 * be opened, and is kept because nobody can tell.
 * @param sources Python files of the app itself
 * @param files everything of the project and of what it installed, by path
 */
export function openedNeeds({
  config,
  tree,
  db,
  lean,
  distributions,
  sources,
  files: kept,
}: {
  readonly config: ImageConfig
  readonly tree: FileTree
  readonly db: PackageDatabase
  readonly lean: LeanBase
  readonly distributions: readonly PythonDistribution[]
  readonly sources: readonly string[]
  readonly files: readonly string[]
}): readonly OpenedNeed[] {
  const needs = new Map<string, OpenedNeed>()
  const add = (path: string | undefined, what: string, by: string): void => {
    if (path === undefined || lean.has(path)) return
    for (const name of ownersOf(tree, db, path))
      if (!lean.hasPackage(name) && !needs.has(name)) needs.set(name, { package: name, what, by })
  }
  const libraries = librariesOf(tree)
  for (const need of knownNeeds(distributions)) {
    for (const name of need.libraries)
      add(libraries.byStem(name.replace(/^lib/, '')), name, need.distribution)
    for (const name of need.programs)
      add(findProgram(tree, { config: config.config }, name), name, need.distribution)
    for (const path of need.data) add(path, path, need.distribution)
  }
  for (const { key, files } of distributions)
    if (!ownTools.has(key))
      for (const { found, name } of foreignLibraries(tree, files)) add(found, name, key)
  for (const { found, name, from } of foreignLibraries(tree, sources)) add(found, name, from)
  const typed = kept.find(needsMimeTypes)
  if (typed !== undefined)
    add(mimeTypes, mimeTypes, `what serves ${typed.replace(/^.*\/(?:site|dist)-packages\//, '')}`)
  return [...needs.values()]
}

/** Full bases have it and slim ones do not. */
const mimeTypes = '/etc/mime.types'

/** pip and its tools look for libraries of every system there is. */
const ownTools: ReadonlySet<string> = new Set(['pip', 'setuptools', 'wheel'])

const mostFiles = 500

/** The owner of a file, or of the files in a directory. */
function ownersOf(tree: FileTree, db: PackageDatabase, path: string): ReadonlySet<string> {
  const { entry, path: real } = resolvePath(tree, path)
  const owners = new Set<string>()
  const pending = entry ? [real] : []
  for (let seen = 0; seen < mostFiles; seen++) {
    const here = pending.shift()
    if (here === undefined) break
    if (tree.lookup(here)?.kind === 'dir')
      pending.push(...tree.readdir(here).map((name) => `${here}/${name}`))
    else {
      const owner = db.ownerOf(here)
      if (owner) owners.add(owner.name)
    }
  }
  return owners
}
