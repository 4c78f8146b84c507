/**
 * Engines: run a step, run a container. `embedded/` does both without a daemon, on Linux; `docker/` exchanges images
 * with a Docker Engine. In: a store, steps, images. Out: layers, exit codes, answers.
 */
export * from './docker/index.ts'
export * from './embedded/index.ts'
