/**
 * Proof: the ladder P0–P10 over two images and a ContainerRunner. In: two subjects, probes. Out: a verdict with
 * evidence. It starts nothing by itself and reads no disk.
 */
export {
  type FromCompose,
  fromCompose,
  fromProcfile,
  type ProjectFiles,
  procfilePorts,
  type SecondaryEntrypoint,
} from './entrypoints/index.ts'
export { missingFromProof } from './missing.ts'
export type * from './ports.ts'
export {
  type CommandProbe,
  candidatesFor,
  discoverProbes,
  exposedPorts,
  fromOpenApi,
  fromReadme,
  type HttpProbe,
  healthcheckArgv,
  type Probe,
  type ProbeOrigin,
  parseProbe,
  parseProbeFile,
  type RunProbe,
} from './probes/index.ts'
export { type ProofOptions, type ProveInput, prove } from './prove.ts'
export {
  compareProofs,
  type KeptSetting,
  keepEntrypoint,
  keepSetting,
  type ProofRecord,
  type RecordedImage,
  type RecordedProject,
  type ReplayResult,
  readRecord,
  recovery,
  sealRecord,
} from './record/index.ts'
export { type AbsentService, appRunner, type Service } from './services/index.ts'
export { type Timing, timingUnder } from './session/index.ts'
export type * from './verdict.ts'
