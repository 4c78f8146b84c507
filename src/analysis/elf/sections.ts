import type { FileTree } from '../../image/index.ts'
import { realFile } from '../canonical.ts'
import { pagesOf } from './bytes.ts'

/** Sections that programs describe themselves in are small; what is larger is not read. */
const most = 8 * 1024 * 1024
/** Real files have a few dozen. */
const maxSections = 4096

type Section = { readonly name: string; readonly offset: number; readonly size: number }

/**
 * The bytes of a section by its name, for what is no business of the loader (gABI chapter 4, section headers).
 * @returns undefined when the file is no ELF file, was stripped of its section headers, or has no such section
 */
export function sectionAt(tree: FileTree, path: string, name: string): Uint8Array | undefined {
  return withSections(tree, path, (sections, size, read) => {
    for (const one of sections)
      if (one.name === name)
        return one.size > most || one.offset + one.size > size
          ? undefined
          : read(one.offset, one.size)
    return undefined
  })
}

/** Bytes of symbol tables and debug data, which neither the loader nor the program reads; 0 for what is no ELF file. */
export function symbolBytes(tree: FileTree, path: string): number {
  const found = withSections(tree, path, (sections, size) => {
    let sum = 0
    for (const one of sections)
      if (/^\.(?:z?debug_|symtab$|strtab$)/.test(one.name)) sum += one.size
    return Math.min(sum, size)
  })
  return found ?? 0
}

function withSections<T>(
  tree: FileTree,
  path: string,
  use: (
    sections: Iterable<Section>,
    size: number,
    read: (offset: number, length: number) => Uint8Array,
  ) => T,
): T | undefined {
  const real = realFile(tree, path)
  const size = real === undefined ? 0 : (tree.lookup(real)?.size ?? 0)
  if (real === undefined || size < 64) return undefined
  const read = (offset: number, length: number): Uint8Array => tree.read(real, { offset, length })
  try {
    const ident = read(0, 6)
    if (ident[0] !== 0x7f || ident[1] !== 0x45 || ident[2] !== 0x4c || ident[3] !== 0x46)
      return undefined
    return use(sectionsIn(pagesOf(read, size, ident[5] === 1), ident[4] === 2), size, read)
  } catch {
    return undefined
  }
}

function* sectionsIn(pages: ReturnType<typeof pagesOf>, wide: boolean): Iterable<Section> {
  const table = wide ? pages.u64(40) : pages.u32(32)
  const width = pages.u16(wide ? 58 : 46)
  const count = Math.min(pages.u16(wide ? 60 : 48), maxSections)
  const at = (index: number): Omit<Section, 'name'> & { readonly name: number } => {
    const start = table + index * width
    return {
      name: pages.u32(start),
      offset: wide ? pages.u64(start + 24) : pages.u32(start + 16),
      size: wide ? pages.u64(start + 32) : pages.u32(start + 20),
    }
  }
  const names = at(pages.u16(wide ? 62 : 50))
  for (let index = 1; index < count; index++) {
    const one = at(index)
    yield { ...one, name: pages.string(names.offset + one.name) }
  }
}
