import type { Event, EventSink } from '../../base/index.ts'
import type { Stream } from '../terminal.ts'

/** NDJSON for tools, one event a line with its milliseconds since the beginning: `schemas/events-1.json`. */
export function jsonSink(stream: Stream, clock: () => number): EventSink {
  const started = clock()
  return (event: Event) => {
    const shown =
      event.kind === 'step-output'
        ? { ...event, bytes: Buffer.from(event.bytes).toString('utf8') }
        : event
    stream.write(`${JSON.stringify({ t: Math.round(clock() - started), ...shown })}\n`)
  }
}
