/** Mutation: scratch copies of lean that each lack one needed thing. In: lean and what it links. Out: sides to judge. */
export type { Mutant } from './mutant.ts'
export { mutantsOf, seededChoice } from './mutants.ts'
