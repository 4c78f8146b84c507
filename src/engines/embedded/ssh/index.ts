/**
 * Ssh: a socket in a RUN that speaks to an ssh agent and can list keys and sign, no more.
 * In: an agent's socket or private keys. Out: the path of a socket to be mounted, gone with the scope.
 */
export { serveAgent } from './serve.ts'
