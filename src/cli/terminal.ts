import { type Event, type EventSink, formatSize } from '../base/index.ts'
import type { Paint } from '../report/index.ts'

export type Stream = {
  write(text: string | Uint8Array): unknown
  readonly isTTY?: boolean
  readonly columns?: number
}

const codes = { bold: 1, dim: 2, red: 31, green: 32, yellow: 33, cyan: 36 } as const

/** Colours by the 16 ANSI names only; off when the stream is no terminal or NO_COLOR is set. */
export function painter(on: boolean): Paint {
  return (style, text) => (on ? `\u001b[${codes[style]}m${text}\u001b[0m` : text)
}

const [esc, bell] = ['\u001b', '\u0007']
/** ECMA-48 control sequences (CSI) and operating system commands (OSC), such as a window title. */
const sequences = new RegExp(
  `${esc}\\[[0-9;?]*[ -/]*[@-~]|${esc}\\][^${bell}${esc}]*(?:${bell}|${esc}\\\\)`,
  'g',
)

/** Control characters of RUN output and file names cannot move the cursor or recolour the terminal. */
export function printable(text: string): string {
  return text.replace(sequences, '').replace(/(?![\t\n])\p{Cc}/gu, '')
}

const ownColours = new RegExp(`(${esc}\\[(?:0|${Object.values(codes).join('|')})m)`)

/** A result with our colours in it, as a terminal may have it: texts of an image or a file cannot steer the terminal. */
export function forTerminal(text: string): string {
  if (!/(?![\t\n])\p{Cc}/u.test(text)) return text
  return text
    .split(ownColours)
    .map((part, at) => (at % 2 === 1 ? part : printable(part)))
    .join('')
}

/** BuildKit's plain layout: numbered steps, one line per event, nothing rewritten. */
export function plainSink(stream: Stream, clock: () => number): EventSink {
  const numbers = new Map<string, { readonly number: number; readonly started: number }>()
  const partial = new Map<string, string>()
  let phase = ''
  const numberOf = (step: string): { readonly number: number; readonly started: number } => {
    const known = numbers.get(step) ?? { number: numbers.size + 1, started: clock() }
    numbers.set(step, known)
    return known
  }
  const flush = (step: string): void => {
    const rest = partial.get(step)
    partial.delete(step)
    if (rest) line(`#${numberOf(step).number} ${printable(rest)}`)
  }
  const line = (text: string): void => {
    stream.write(`${text}\n`)
  }
  return (event) => {
    switch (event.kind) {
      case 'phase': {
        const again = event.name === phase
        phase = event.name
        const detail = printable(event.detail ?? '')
        if (again) return line(`    ${detail}`)
        return line(`\n==> ${event.name}${detail ? ` — ${detail}` : ''}`)
      }
      case 'step-start':
        return line(`#${numberOf(event.step).number} ${event.step} ${printable(event.title)}`)
      case 'step-output': {
        const { number, started } = numberOf(event.step)
        const text = (partial.get(event.step) ?? '') + Buffer.from(event.bytes).toString('utf8')
        const lines = text.split('\n')
        partial.set(event.step, lines.pop() ?? '')
        const seconds = ((clock() - started) / 1000).toFixed(2)
        for (const one of lines)
          line(`#${number} ${seconds} ${printable(one.replace(/.*\r(?=.)/, ''))}`)
        return
      }
      case 'step-end': {
        flush(event.step)
        const { number, started } = numberOf(event.step)
        const seconds = ((clock() - started) / 1000).toFixed(1)
        const word = {
          done: `DONE ${seconds}s`,
          cached: 'CACHED',
          failed: 'ERROR',
          canceled: 'CANCELED',
        }[event.outcome]
        numbers.delete(event.step)
        numbers.set(`${event.step} (ended ${number})`, { number, started })
        const made = event.outcome === 'done' && event.bytes !== undefined
        const size = made ? ` ${formatSize(event.bytes ?? 0)}` : ''
        return line(`#${number} ${word}${size}`)
      }
      case 'transfer':
        return
      case 'notice':
        return line(
          `${event.level === 'warning' ? 'warning' : 'note'}: ${printable(event.message)}`,
        )
      default:
        return event satisfies never
    }
  }
}

/** NDJSON, one event a line, for tools. */
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
