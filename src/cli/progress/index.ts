/**
 * How work is shown while it goes on: events come in, and a terminal, a log, a tool or nobody sees them. What is told is
 * the same for all; nothing here decides anything.
 */
export { progressSink } from './sink.ts'
