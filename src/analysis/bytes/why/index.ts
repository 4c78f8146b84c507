/** Why: what brought a file, package, category or layer into an image, what needs it, and what it takes to be rid of it. */
export { explainInImage } from './explain-in-image.ts'
export type { Group, Removal, Why, WhyGroup } from './types.ts'
