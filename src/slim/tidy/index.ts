/**
 * Tidy: several stages that leak. In: a project whose last stage copies too much, or starts from a fat base. Out: a plan
 * that changes its lines in place; no stage is added.
 */
export { tidyPlan } from './tidy-plan.ts'
