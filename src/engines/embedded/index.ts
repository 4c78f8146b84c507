/**
 * Embedded engine: steps and containers in namespaces of their own, without a daemon.
 * In: a store, a step or an image. Out: a published layer, or a running container.
 */
export { createEmbeddedEngine, type EmbeddedEngine, type EmbeddedOptions } from './engine.ts'
