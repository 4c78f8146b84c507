/**
 * Docker Engine: images to and from a daemon, over its API (v1.24 and newer) on a socket. In: where Docker's own client
 * would look for it, images of the store. Out: the same images over there, or theirs here.
 */
export { type DockerPlaces, findDockerEndpoint } from './endpoint.ts'
export { type DockerEngine, openDockerEngine } from './engine.ts'
export { handOver, takeOver } from './transfer.ts'
