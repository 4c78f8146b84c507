import { type FileTree, resolvePath } from '../../image/index.ts'
import { readElfAt } from '../elf/index.ts'
import { librariesOf } from '../linking/index.ts'

/** A file of the image whose name stands in a compiled program. */
export type NamedFile = {
  /** Where it is. */
  readonly path: string
  /** As the program has it: `/usr/bin/git`, `libGL.so.1`. */
  readonly name: string
  /** The program. */
  readonly by: string
}

const absolute =
  /\/(?:usr\/(?!include\/|src\/|local\/go\/|lib\/(?:gcc|go|rustlib)\/)|etc\/|opt\/|s?bin\/)[\w.+@-]+(?:\/[\w.+@-]+)*/g
const soname = /\blib[\w+-]+\.so\.\d+(?:\.\d+)*/g

/** Larger programs carry data, and are not read. */
const most = 128 * 1024 * 1024

/**
 * Files that exist in the image and that programs name: absolute paths, and libraries by soname that they do not link,
 * which `dlopen` finds.
 * What a name is there for cannot be told: a path of a source in debug information looks the same.
 * @param programs paths of ELF files
 */
export function filesNamedBy(tree: FileTree, programs: readonly string[]): readonly NamedFile[] {
  const found = new Map<string, NamedFile>()
  const libraries = librariesOf(tree)
  for (const by of programs) {
    if ((tree.lookup(by)?.size ?? most) >= most) continue
    const text = new TextDecoder('latin1').decode(tree.read(by))
    for (const name of new Set([...text.matchAll(absolute)].map(([one]) => one))) {
      const { entry, path } = resolvePath(tree, name)
      if (entry?.kind === 'file') found.set(path, found.get(path) ?? { path, name, by })
    }
    const linked = new Set(readElfAt(tree, by)?.needed)
    for (const name of new Set([...text.matchAll(soname)].map(([one]) => one))) {
      if (linked.has(name)) continue
      const path = libraries.byName(name)
      if (path !== undefined) found.set(path, found.get(path) ?? { path, name, by })
    }
  }
  return [...found.values()]
}
