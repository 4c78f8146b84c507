/**
 * Split: one stage becomes two. In: a project with its fat image, and a recipe of an ecosystem. Out: a plan or a
 * refusal. What every ecosystem needs is here: roles of commands, system packages, COPY lines, users, what stays where.
 */

export { isSayable } from './literal.ts'
export { parityLines } from './parity.ts'
export { copyLines, placesOf } from './places.ts'
export { mountType } from './run-text.ts'
export { runtimePackages } from './runtime-packages.ts'
export { leanBaseOf, librariesFor, splitPlan } from './split-plan.ts'
export { surveyRuns } from './survey.ts'
export type * from './types.ts'
