/** Generic: the split for what no ecosystem claims. */
export { generic } from './generic.ts'
