/**
 * Embedded engine: steps and containers in namespaces of their own, without a daemon.
 * In: a store, a step or an image. Out: a published layer, or a running container.
 */
export { holdLock } from './cache-lock.ts'
export { cacheMountLayer, fillCacheMount, isEmptyCacheMount } from './cache-transfer.ts'
export type {
  ContainerInfo,
  ContainerProcess,
  ContainerSpec,
  ContainerState,
  Containers,
  ExecOptions,
  ExecResult,
  LogChunk,
  OwnedContainer,
  RunOptions,
  StopOptions,
  VolumeInfo,
  VolumeMount,
} from './containers/index.ts'
export { checkVolumeName } from './containers/index.ts'
export { createEmbeddedEngine, type EmbeddedEngine, type EmbeddedOptions } from './engine.ts'
export {
  copyFailed,
  type HeldRoot,
  locate,
  type Member,
  openRoot,
  readMembers,
  writeMembers,
} from './files/index.ts'
export type { PortMapping } from './netns/index.ts'
export type { Exit, IsolationName, IsolationProbe, SandboxIo } from './sandbox/index.ts'
export { chooseCapabilities } from './sandbox/index.ts'
