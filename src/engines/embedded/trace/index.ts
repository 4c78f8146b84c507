/**
 * Trace: which files of its image a container really opens. In: the pid of a container that waits at its root.
 * Out: paths as the image has them, links resolved. It delays nothing and shows nothing to the app.
 */
export { type Tracer, tracerFor } from './tracer.ts'
