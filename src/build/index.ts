/**
 * Build: StageGraph → Step → Image. Scoping, keys and scheduling over the ports it defines.
 * In: a parsed Dockerfile, a context, ports. Out: an image in the store. No disk, no process.
 */
export type * from './ports.ts'
