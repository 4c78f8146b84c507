/**
 * Dockerfile: lossless text ⇄ tree, words, expansion, edits. In: text. Out: values and diagnostics; never throws.
 */
export type * from './types.ts'
