/**
 * Sandbox: one command in namespaces of its own over an overlay root. In: a plan as plain data. Out: a running PID 1
 * and how it ended. Nothing is ever mounted in the host's mount namespace, so nothing can be left there.
 */
export { chooseCapabilities, everyCapability } from './capabilities.ts'
export { enterSandbox } from './enter.ts'
export { makeFifo } from './fifos.ts'
export { kernelAtLeast } from './kernel.ts'
export { type Isolation, type IsolationName, type Launcher, openIsolation } from './ladder.ts'
export { launchersFor } from './launchers.ts'
export { systemMountPoints } from './paths.ts'
export { type IsolationProbe, probeIsolation } from './probe.ts'
export type { RunningSandbox, SandboxIo } from './supervise.ts'
export { syscallsOf } from './syscalls.ts'
export type {
  Exit,
  Overlay,
  Sandbox,
  SandboxMount,
  SandboxNetwork,
  SandboxProcess,
} from './types.ts'
