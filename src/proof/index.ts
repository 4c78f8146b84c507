/**
 * Proof: the ladder P0–P10 over two images and a ContainerRunner. In: two subjects, probes. Out: a verdict with
 * evidence. It starts nothing by itself and reads no disk.
 */
export {
  fromCompose,
  fromProcfile,
  type ProjectFiles,
  type SecondaryEntrypoint,
} from './entrypoints/index.ts'
export { missingFromProof } from './missing.ts'
export type * from './ports.ts'
export {
  type CommandProbe,
  discoverProbes,
  type HttpProbe,
  type Probe,
  type ProbeOrigin,
  parseProbe,
  type RunProbe,
} from './probes/index.ts'
export { type ProofOptions, type ProveInput, prove } from './prove.ts'
export type { AbsentService, Service } from './services/index.ts'
export type { Timing } from './session/index.ts'
export type * from './verdict.ts'
