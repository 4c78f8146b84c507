/**
 * Slim: plan → new text. In: a Dockerfile, the context, and the fat image that was built from it. Out: a plan or a
 * refusal, and the text of the lean Dockerfile. It plans and edits text; it never builds.
 */
export {
  type Dockerignore,
  dockerignoreFor,
  type IgnoreLine,
  withVersionControlIgnored,
} from './dockerignore.ts'
export { type ContextFiles, type Facts, gatherFacts } from './facts/index.ts'
export { type DiffRow, diffRows, lineDiff } from './line-diff.ts'
export { leanBaseReference, planSlim } from './plan.ts'
export { type Repair, repairPlan } from './repair.ts'
export { rewriteDockerfile } from './rewrite/index.ts'
export type * from './types.ts'
