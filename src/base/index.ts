/**
 * Base: the few words that every other folder speaks.
 * In: nothing. Out: Source, Range, Diagnostic, Fault, Event, Scope, byte streams, canonical JSON.
 */
export type { Brand } from './brand.ts'
export { closest, editDistance } from './closest.ts'
export type { Diagnostic } from './diagnostic.ts'
export { type Event, type EventSink, type PlannedStage, silent } from './event.ts'
export {
  describeFault,
  Fault,
  type FaultKind,
  type FaultOptions,
  isFault,
  withPlace,
} from './fault.ts'
export { formatSize } from './format.ts'
export { canonicalJson, type Json } from './json.ts'
export { Scope, withScope } from './scope.ts'
export { type Place, positionAt, type Range, type Source } from './source.ts'
export type { ByteStream } from './stream.ts'
export { decodeText } from './text.ts'
