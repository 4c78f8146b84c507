/** Node: packages below `node_modules`, what a project's production dependencies reach, its scripts. In: a tree. */
export {
  developmentOf,
  type NodeModules,
  type NodePackage,
  type NodeProject,
  nodeModules,
  reachedFrom,
} from './packages.ts'
export {
  isBesidePacked,
  isOfCarriedPackage,
  type PackedServer,
  packedServer,
} from './packed-server.ts'
export { scriptOfNode } from './scripts.ts'
export { runsSources } from './source-runners.ts'
