import { type FileTree, resolvePath } from '../../image/index.ts'
import { join } from '../canonical.ts'
import { readElfAt } from '../elf/index.ts'
import { librariesOf } from '../linking/index.ts'
import { textAt } from '../text.ts'

/** A library that Python code opens by name at run time, where no ELF file says so. */
export type ForeignLibrary = {
  /** The Python file that opens it. */
  readonly from: string
  /** As written: `magic` of `find_library('magic')`, `libpq.so.5` of `CDLL('libpq.so.5')`. */
  readonly name: string
  readonly call: 'find_library' | 'open'
  /** The real path of the library in this tree, undefined when it is not there. */
  readonly found: string | undefined
}

const maxSource = 2 * 1024 * 1024
const opens =
  /\b(find_library|CDLL|PyDLL|LoadLibrary|dlopen|load_library|ffi\.dlopen)\(\s*[rbu]?(?:'([^'\n]{1,200})'|"([^"\n]{1,200})")/g

/**
 * String literals that Python files give to `ctypes` and `cffi` loaders: the names of libraries for other systems
 * (`.dll`, `.dylib`) are left out. A literal may stand in a branch that never runs.
 */
export function foreignLibraries(
  tree: FileTree,
  files: readonly string[],
): readonly ForeignLibrary[] {
  const libraries = librariesOf(tree)
  const out = new Map<string, ForeignLibrary>()
  for (const path of files) {
    if (!path.endsWith('.py') || /\/tests?\//.test(path)) continue
    const text = textAt(tree, path, maxSource)
    if (text === undefined) continue
    for (const match of text.matchAll(opens)) {
      const name = match[2] ?? match[3] ?? ''
      const call = match[1] === 'find_library' ? 'find_library' : 'open'
      if (name === '' || /\.(?:dll|dylib|framework)\b|%|\{/i.test(name)) continue
      const file = call === 'find_library' ? libraries.byStem(name) : byFile(tree, libraries, name)
      out.set(`${path}\0${name}`, { from: path, name, call, found: file })
    }
  }
  return [...out.values()]
}

/** `libpq.so.5` through the loader's search, `/usr/lib/x.so` as it is; `pq` (cffi) like find_library. */
function byFile(
  tree: FileTree,
  libraries: ReturnType<typeof librariesOf>,
  name: string,
): string | undefined {
  if (!name.startsWith('/'))
    return libraries.byName(name) ?? (name.includes('.so') ? undefined : libraries.byStem(name))
  try {
    const { path, entry } = resolvePath(tree, name)
    return entry?.kind === 'file' && readElfAt(tree, path) ? path : undefined
  } catch {
    return undefined
  }
}

/** Python files under a directory that belong to no distribution, e.g. the app itself. */
export function pythonFilesUnder(tree: FileTree, dir: string): readonly string[] {
  return tree.readdir(dir).flatMap((name) => {
    const path = join(dir, name)
    const kind = tree.lookup(path)?.kind
    if (kind === 'dir')
      return /^(?:\.|node_modules$|__pycache__$|site-packages$)/.test(name)
        ? []
        : pythonFilesUnder(tree, path)
    return kind === 'file' && name.endsWith('.py') ? [path] : []
  })
}
