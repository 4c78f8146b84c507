/**
 * Containers: images that run, with a record of each in the store. In: an image and `docker run`'s options.
 * Out: a running container, its log, its exit code. Each has one owner process, in the foreground or a monitor.
 */

export { type ContainerCommand, containerCommand } from './command.ts'
export { type Containers, type ExecOptions, openContainers } from './containers.ts'
export type { RunOptions } from './create.ts'
export { type ExecResult, execInside } from './exec.ts'
export type { StopOptions } from './lifecycle.ts'
export type { LogChunk } from './log.ts'
export { ownAddress } from './network.ts'
export { containerSandbox } from './plan.ts'
export type { ContainerProcess } from './processes.ts'
export { signalNumber } from './signals.ts'
export type { OwnedContainer } from './supervise.ts'
export type {
  ContainerInfo,
  ContainerSpec,
  ContainerState,
  Health,
  VolumeMount,
} from './types.ts'
export { checkVolumeName, type VolumeInfo } from './volumes.ts'
