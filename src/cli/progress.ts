import { type EventSink, silent } from '../base/index.ts'
import type { Settings } from '../config/index.ts'
import { liveSink } from './live.ts'
import { jsonSink, painter, plainSink } from './terminal.ts'

/** Progress goes to stderr whatever the command prints on stdout; `auto` draws on a terminal and is plain elsewhere. */
export function progressSink(
  settings: Settings,
  stream: NodeJS.WriteStream,
): { readonly sink: EventSink; readonly close: () => void } {
  const clock = (): number => Number(process.hrtime.bigint()) / 1e6
  const close = (): void => {}
  const mode =
    settings.progress === 'auto'
      ? stream.isTTY && process.env['TERM'] !== 'dumb'
        ? 'tty'
        : 'plain'
      : settings.progress
  switch (mode) {
    case 'quiet':
      return { sink: silent, close }
    case 'json':
      return { sink: jsonSink(stream, clock), close }
    case 'plain':
      return { sink: plainSink(stream, clock), close }
    case 'tty':
      return liveSink(stream, clock, painter(settings.color ?? true))
    default:
      return mode satisfies never
  }
}
