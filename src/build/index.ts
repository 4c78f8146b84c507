/**
 * Build: StageGraph → Step → Image. Scoping, keys and scheduling over the ports it defines.
 * In: a parsed Dockerfile, a context, ports. Out: an image in the store. No disk, no process.
 */

export { absentName } from './absent.ts'
export { type GitReference, parseGitReference } from './git-reference.ts'
export { type GraphStage, type StageBase, type StageGraph, stageGraph } from './graph.ts'
export { type KeyDifference, keyDifferences } from './miss-reason.ts'
export {
  listTargets,
  type Outline,
  type OutlineArg,
  type OutlineNeed,
  outline,
  type TargetInfo,
} from './outline.ts'
export type * from './ports.ts'
export type * from './request.ts'
export { envMap, makeScope, platformArgs, type Scope } from './scope.ts'
export { buildImage } from './solve.ts'
export { homeOf, resolveUser } from './users.ts'
