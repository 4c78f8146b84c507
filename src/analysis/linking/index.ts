/** Linking: what the dynamic loader would find in a tree. In: a tree and files. Out: the closure of their libraries. */

export { type Libraries, librariesOf } from './libraries.ts'
export { type LinkOptions, linkClosure } from './link-closure.ts'
