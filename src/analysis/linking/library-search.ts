import type { FileTree } from '../../image/index.ts'
import { parentOf, realFile } from '../canonical.ts'
import { readElfAt } from '../elf/index.ts'
import type { Elf } from '../types.ts'
import type { Loader } from './loader.ts'

/** A file that was loaded: `path` as the loader spelled it (this decides `$ORIGIN`), and the file behind it. */
export type Loaded = {
  readonly path: string
  readonly real: string
  readonly elf: Elf
  /** The object that asked for it, undefined for the program or module that everything starts from. */
  readonly loadedBy: Loaded | undefined
}

export type Found = { readonly path: string; readonly real: string; readonly elf: Elf }

/** Finds the file that satisfies one NEEDED entry of `by`, as the loader would. */
export type LibrarySearch = (needed: string, by: Loaded, loader: Loader) => Found | undefined

/**
 * The search of ld.so(8) and of musl's ldso: a name with a slash is a path; otherwise RPATH (of the object and of
 * whoever loaded it, unless the object has a RUNPATH), LD_LIBRARY_PATH, RUNPATH, the cache, the default directories.
 * A file of another word size or machine is passed over.
 */
export function librarySearchIn(
  tree: FileTree,
  libraryPath: readonly string[],
  host: Loaded | undefined,
): LibrarySearch {
  const files = new Map<string, Found | undefined>()
  const fileAt = (path: string): Found | undefined => {
    if (!files.has(path)) files.set(path, openLibrary(tree, path))
    return files.get(path)
  }
  return (needed, by, loader) => {
    const fits = (path: string): Found | undefined => {
      const found = fileAt(path)
      const same = found?.elf.machine === by.elf.machine && found.elf.bits === by.elf.bits
      return same ? found : undefined
    }
    const first = (paths: Iterable<string>): Found | undefined => {
      for (const path of paths) {
        const found = fits(path)
        if (found) return found
      }
      return undefined
    }
    if (needed.includes('/')) return first(expanded([needed], by, loader))
    const inDirectories = (dirs: Iterable<string>): Found | undefined => first(within(dirs, needed))
    if (loader.libc === 'musl')
      return (
        inDirectories(libraryPath) ??
        inDirectories(muslRunPaths(by, loader)) ??
        inDirectories(loader.directories)
      )
    return (
      inDirectories(rpaths(by, host, loader)) ??
      inDirectories(expanded(libraryPath, by, loader)) ??
      inDirectories(expanded(by.elf.runpath, by, loader)) ??
      first(loader.cache.get(needed) ?? []) ??
      inDirectories(loader.directories)
    )
  }
}

function openLibrary(tree: FileTree, path: string): Found | undefined {
  const real = realFile(tree, path)
  const elf = real === undefined ? undefined : readElfAt(tree, real)
  return real !== undefined && elf ? { path, real, elf } : undefined
}

function* within(dirs: Iterable<string>, name: string): Iterable<string> {
  for (const dir of dirs) yield `${dir.replace(/\/+$/, '')}/${name}`
}

/** RPATH is inherited along the chain of loaders and from the program; an object with RUNPATH neither uses nor gives. */
function* rpaths(by: Loaded, host: Loaded | undefined, loader: Loader): Iterable<string> {
  if (by.elf.runpath.length > 0) return
  for (let at: Loaded | undefined = by; at; at = at.loadedBy)
    if (at.elf.runpath.length === 0) yield* expanded(at.elf.rpath, at, loader)
  if (host && host.elf.runpath.length === 0) yield* expanded(host.elf.rpath, host, loader)
}

/** musl treats RPATH and RUNPATH alike and inherits both. */
function* muslRunPaths(by: Loaded, loader: Loader): Iterable<string> {
  for (let at: Loaded | undefined = by; at; at = at.loadedBy)
    yield* expanded(at.elf.runpath.length > 0 ? at.elf.runpath : at.elf.rpath, at, loader)
}

/** Replaces `$ORIGIN`, `$LIB` and `$PLATFORM`; what stays relative would depend on the working directory: left out. */
function* expanded(paths: readonly string[], by: Loaded, loader: Loader): Iterable<string> {
  for (const path of paths) {
    const there = path.replace(/\$(?:ORIGIN\b|\{ORIGIN\})/g, () => parentOf(by.path))
    for (const spelled of substituted(there, loader)) if (spelled.startsWith('/')) yield spelled
  }
}

function substituted(path: string, loader: Loader): readonly string[] {
  if (!path.includes('$')) return [path]
  const libs = loader.lib.map((lib) => path.replace(/\$(?:LIB\b|\{LIB\})/g, lib))
  return libs.flatMap((one) =>
    one.includes('$')
      ? loader.platform.map((name) => one.replace(/\$(?:PLATFORM\b|\{PLATFORM\})/g, name))
      : [one],
  )
}
