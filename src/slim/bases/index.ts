/**
 * Bases: which image the runtime stage starts from. In: the reference after FROM and the fat image's release. Out: the
 * lean relative of the same family and release, or why there is none. A family is a line of `families.ts`.
 */
export { type ChosenBase, chooseBase, leanRelative } from './choose.ts'
export type { Relative } from './families.ts'
export { type BaseReference, parseBase } from './reference.ts'
