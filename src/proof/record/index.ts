/**
 * Record: a proof with everything it depends on, as a file. In: a record or a text. Out: the sealed record, and what a
 * replay found otherwise. It reads no file.
 */
export { compareProofs, type ReplayResult, type RungChange } from './compare.ts'
export {
  type KeptEntrypoint,
  type KeptSetting,
  keepEntrypoint,
  keepSetting,
  type Recovery,
  recovery,
} from './kept.ts'
export { readRecord } from './read.ts'
export { sealRecord } from './seal.ts'
export type {
  ProofRecord,
  RecordedImage,
  RecordedInputs,
  RecordedProject,
  RecordedService,
} from './types.ts'
