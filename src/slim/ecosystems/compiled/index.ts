/**
 * Compiled: what Go, Rust, C and C++ have in common. In: a project and what is special about its language. Out: an
 * ecosystem whose runtime stage has the programs, their own libraries and the data beside them, and no sources.
 */
export type { Language } from './language.ts'
export { compiledEcosystem, compiledPlan } from './plan.ts'
