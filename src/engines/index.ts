/**
 * Engines: run a step, run a container. `embedded/` does both without a daemon, on Linux; `docker/` exchanges images
 * with a Docker Engine; `buildkit/` lets Docker or a buildkitd build. In: a store, steps, images. Out: layers, exit
 * codes, answers.
 */
export * from './buildkit/index.ts'
export * from './docker/index.ts'
export * from './embedded/index.ts'
