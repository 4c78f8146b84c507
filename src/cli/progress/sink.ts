import type { EventSink } from '../../base/index.ts'
import type { Settings } from '../../config/index.ts'
import { toAscii } from '../ascii.ts'
import { painter, type Stream } from '../terminal.ts'
import { jsonSink } from './json.ts'
import { liveSink } from './live.ts'
import { plainSink } from './plain.ts'
import { quietSink } from './quiet.ts'

/** `close` ends what is being drawn, before something else is written to the same terminal; events may go on after it. */
export type ProgressSink = { readonly sink: EventSink; readonly close: () => void }

/** Progress goes to stderr whatever the command prints on stdout; `auto` draws on a terminal and is plain elsewhere. */
export function progressSink(settings: Settings, stream: NodeJS.WriteStream): ProgressSink {
  const clock = (): number => Number(process.hrtime.bigint()) / 1e6
  const close = (): void => {}
  const drawn = stream.isTTY && !settings.dumb
  const mode = settings.progress === 'auto' ? (drawn ? 'tty' : 'plain') : settings.progress
  const shown = stream.isTTY && settings.ascii ? asciiStream(stream) : stream
  switch (mode) {
    case 'quiet':
      return { sink: quietSink(shown), close }
    case 'json':
      return { sink: jsonSink(stream, clock), close }
    case 'plain':
      return { sink: plainSink(shown, clock, painter(settings.color ?? stream.isTTY)), close }
    case 'tty':
      return liveSink(shown, clock, painter(settings.color ?? stream.isTTY))
    default:
      return mode satisfies never
  }
}

/** The size may change while something is drawn. */
function asciiStream(stream: NodeJS.WriteStream): Stream {
  return {
    write: (text) => stream.write(typeof text === 'string' ? toAscii(text) : text),
    get columns() {
      return stream.columns
    },
    get rows() {
      return stream.rows
    },
  }
}
