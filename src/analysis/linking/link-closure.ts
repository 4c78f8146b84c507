import type { FileTree } from '../../image/index.ts'
import { realFile } from '../canonical.ts'
import { readElfAt } from '../elf/index.ts'
import type { Closure, Elf, Link } from '../types.ts'
import { type LibrarySearch, type Loaded, librarySearchIn } from './library-search.ts'
import { type Loader, type LoaderOf, loadersIn } from './loader.ts'

export type LinkOptions = {
  /** The image's environment, `KEY=value`: LD_LIBRARY_PATH and LD_PRELOAD count. */
  readonly env: readonly string[]
  /**
   * The program that opens the roots at run time, e.g. the interpreter of extension modules: what it has loaded
   * satisfies them by name, and its RPATH is searched.
   */
  readonly host?: string
}

/**
 * Everything the dynamic loader would have to find for each root, one root a process: libraries that a root loaded
 * satisfy later entries of the same root by name or soname, as in ld.so. Roots that are no ELF files are passed over.
 * Libraries named by LD_PRELOAD appear as links from `LD_PRELOAD`. Keys and `from` are real paths.
 */
export function linkClosure(
  tree: FileTree,
  roots: Iterable<string>,
  { env, host: hostPath }: LinkOptions,
): Closure {
  const loaderOf = loadersIn(tree)
  const hostFile = hostPath === undefined ? undefined : start(tree, hostPath)
  const search = librarySearchIn(tree, paths(env, 'LD_LIBRARY_PATH', /[:;]/), hostFile)
  const record: Record = { elves: new Map(), links: new Map(), missingInterpreters: new Map() }
  const parts: Parts = { tree, loaderOf, search, record }
  const given = new Map<string, Loaded>()
  if (hostFile) loadAll(parts, hostFile, given)
  for (const root of roots) {
    const file = start(tree, root)
    if (file) loadAll(parts, file, new Map(given))
  }
  preload(parts, paths(env, 'LD_PRELOAD', /[:\s]/))
  return { ...record, links: [...record.links.values()] }
}

type Record = {
  readonly elves: Map<string, Elf>
  readonly links: Map<string, Link>
  readonly missingInterpreters: Map<string, string>
}

type Parts = {
  readonly tree: FileTree
  readonly loaderOf: LoaderOf
  readonly search: LibrarySearch
  readonly record: Record
}

/** A program finds itself through /proc/self/exe, so its `$ORIGIN` is the real directory; a module keeps its spelling. */
function start(tree: FileTree, path: string): Loaded | undefined {
  const real = realFile(tree, path)
  const elf = real === undefined ? undefined : readElfAt(tree, real)
  if (real === undefined || !elf) return undefined
  const spelled = elf.type === 'executable' ? real : path
  return { path: spelled, real, elf, loadedBy: undefined }
}

/** Breadth first, as ld.so maps objects; `names` holds what is loaded already, by name and by soname. */
function loadAll(parts: Parts, root: Loaded, names: Map<string, Loaded>): void {
  const { record, search } = parts
  const loader = parts.loaderOf(root.elf)
  const queue = [root]
  const loaded = new Set([root.real])
  enter(parts, root)
  if (root.elf.soname) names.set(root.elf.soname, root)
  for (const by of queue) {
    for (const needed of by.elf.needed) {
      if (loader.libc === 'musl' && isPartOfMusl(needed)) continue
      const known = names.get(needed)
      const found = known ?? search(needed, by, loader)
      addLink(record, by, needed, found, loader)
      if (!found || known) continue
      const object: Loaded = { ...found, loadedBy: by }
      names.set(needed, object)
      if (found.elf.soname && !names.has(found.elf.soname)) names.set(found.elf.soname, object)
      if (loaded.has(found.real)) continue
      loaded.add(found.real)
      record.elves.set(found.real, found.elf)
      queue.push(object)
    }
  }
}

function enter({ tree, record }: Parts, { real, elf }: Loaded): void {
  record.elves.set(real, elf)
  if (elf.interpreter === undefined) return
  const interpreter = realFile(tree, elf.interpreter)
  const itself = interpreter === undefined ? undefined : readElfAt(tree, interpreter)
  if (interpreter !== undefined && itself) record.elves.set(interpreter, itself)
  else record.missingInterpreters.set(real, elf.interpreter)
}

function addLink(
  record: Record,
  by: Loaded,
  needed: string,
  found: { readonly real: string; readonly elf: Elf } | undefined,
  loader: Loader,
): void {
  const key = `${by.real}\0${needed}\0${found?.real ?? ''}`
  if (record.links.has(key)) return
  const missingVersions = found ? missing(by.elf, needed, found.elf, loader) : []
  record.links.set(key, { from: by.real, needed, found: found?.real, missingVersions })
}

/** A library without any version definitions satisfies every version: ld.so only warns. musl does not look. */
function missing(from: Elf, needed: string, library: Elf, loader: Loader): readonly string[] {
  if (loader.libc === 'musl' || library.versionDefs.length === 0) return []
  const defined = new Set(library.versionDefs)
  return (from.versionNeeds.get(needed) ?? []).filter((version) => !defined.has(version))
}

/** musl's loader is its libc: these names are never looked up (ldso/dynlink.c, load_library). */
function isPartOfMusl(needed: string): boolean {
  return /^(?:lib(?:c|pthread|rt|m|dl|util|xnet)\.|ld-musl-|libc\.musl-)/.test(needed)
}

function preload({ tree, loaderOf, search, record }: Parts, names: readonly string[]): void {
  const machine = [...record.elves.values()][0]
  if (!machine) return
  const loader = loaderOf(machine)
  const environment: Loaded = {
    path: '/',
    real: 'LD_PRELOAD',
    elf: { ...machine, rpath: [], runpath: [], versionNeeds: new Map() },
    loadedBy: undefined,
  }
  for (const name of names) {
    const found = search(name, environment, loader)
    addLink(record, environment, name, found, loader)
    const file = found && start(tree, found.path)
    if (file) loadAll({ tree, loaderOf, search, record }, file, new Map())
  }
}

function paths(env: readonly string[], name: string, separator: RegExp): readonly string[] {
  const found = env.findLast((entry) => entry.startsWith(`${name}=`))
  return found === undefined
    ? []
    : found
        .slice(name.length + 1)
        .split(separator)
        .filter(Boolean)
}
