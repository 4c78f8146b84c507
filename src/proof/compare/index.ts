/** Compare: whether two answers say the same. In: fat's and lean's answers, more of fat's. Out: a likeness. */
export {
  type Answer,
  compareAnswers,
  describeAnswer,
  whyNotCounted,
} from './answers.ts'
export { ignoredHeaders } from './headers.ts'
export { logRules, normalise, type Rule } from './normalise.ts'
export { compareOutput, compareStream, otherOrder } from './output.ts'
export type { Likeness } from './text.ts'
