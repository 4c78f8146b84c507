/** ELF: what the dynamic loader reads of a file. In: bytes or a tree and a path. Out: Elf values. */
export { allElfFiles, isElf, readElfAt } from './elf-files.ts'
export { readElf } from './read-elf.ts'
export { sectionAt, symbolBytes } from './sections.ts'
