/**
 * Analysis: what is in an image and why. In: a FileTree and a configuration. Out: packages, ELF needs, categories,
 * bytes. Reads nothing but the tree it is given.
 */
export type * from './types.ts'
