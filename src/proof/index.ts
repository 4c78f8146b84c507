/**
 * Proof: the ladder P0–P10 over two images and a ContainerRunner. In: two subjects, probes. Out: a verdict with
 * evidence. It starts nothing by itself and reads no disk.
 */
export type * from './ports.ts'
export type * from './verdict.ts'
