/**
 * Engines: run a step, run a container. `embedded/` does both without a daemon, on Linux.
 * In: a store, steps, images. Out: layers, exit codes, answers.
 */
export * from './embedded/index.ts'
