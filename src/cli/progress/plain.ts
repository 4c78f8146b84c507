import { type Event, type EventSink, formatSize } from '../../base/index.ts'
import { noPaint, type Paint } from '../../report/index.ts'
import { printable, type Stream } from '../terminal.ts'
import { duration } from './duration.ts'
import { oneLine } from './lanes.ts'
import { type OutputLines, outputLines } from './output-lines.ts'
import { nameOf, transfersShown } from './transfers.ts'

type Step = { readonly number: number; readonly started: number; readonly output: OutputLines }

/** Milliseconds between two lines of one transfer. */
const interval = 5000

/**
 * BuildKit's plain layout: numbered steps, one line per event, nothing rewritten and nothing cut. Colours are for logs whose
 * readers show them, as those of GitHub Actions.
 */
export function plainSink(stream: Stream, clock: () => number, paint: Paint = noPaint): EventSink {
  const steps = new Map<string, Step>()
  let count = 0
  let phase = ''
  const line = (text: string): void => {
    stream.write(`${text}\n`)
  }
  const stepOf = (label: string): Step => {
    const known = steps.get(label) ?? {
      ...{ number: ++count, started: clock(), output: outputLines() },
    }
    steps.set(label, known)
    return known
  }
  const transfer = plainTransfers(clock, line)
  return (event) => {
    switch (event.kind) {
      case 'phase': {
        const again = event.name === phase
        phase = event.name
        const detail = printable(event.detail ?? '')
        if (again) return line(`    ${detail}`)
        return line(`\n${paint('bold', `==> ${event.name}`)}${detail ? ` — ${detail}` : ''}`)
      }
      case 'stages':
        return
      case 'step-start':
        return line(`#${stepOf(event.step).number} ${event.step} ${oneLine(event.title)}`)
      case 'step-output': {
        const { number, started, output } = stepOf(event.step)
        const seconds = ((clock() - started) / 1000).toFixed(2)
        for (const one of output.take(event.bytes)) line(`#${number} ${seconds} ${one}`)
        return
      }
      case 'step-end': {
        const { number, started, output } = stepOf(event.step)
        const rest = output.rest()
        if (rest !== '') line(`#${number} ${rest}`)
        steps.delete(event.step)
        return line(`#${number} ${endOf(event, clock() - started, paint)}`)
      }
      case 'transfer':
        return transfer(event)
      case 'notice': {
        const name = event.level === 'warning' ? paint('yellow', 'warning') : 'note'
        return line(`${name}: ${printable(event.message)}`)
      }
      default:
        return event satisfies never
    }
  }
}

function endOf(
  event: Extract<Event, { kind: 'step-end' }>,
  milliseconds: number,
  paint: Paint,
): string {
  const { outcome, bytes } = event
  const word = {
    done: `DONE ${(milliseconds / 1000).toFixed(1)}s`,
    cached: 'CACHED',
    failed: paint('red', 'ERROR'),
    canceled: 'CANCELED',
  }[outcome]
  return outcome === 'done' && bytes !== undefined ? `${word} ${formatSize(bytes)}` : word
}

/** From time to time how far something is, and that it has arrived when that was told; what is quick needs no line. */
function plainTransfers(
  clock: () => number,
  line: (text: string) => void,
): (event: Extract<Event, { kind: 'transfer' }>) => void {
  const moving = transfersShown()
  const last = new Map<string, { readonly at: number; readonly told: boolean }>()
  return (event) => {
    const [name, now] = [nameOf(event), clock()]
    const took = moving.note(event, now)
    const done = formatSize(event.done)
    const before = last.get(name) ?? { at: now, told: false }
    if (took !== undefined) {
      last.delete(name)
      if (before.told) line(`${name} ${done} in ${duration(took)}`)
      return
    }
    const due = now - before.at >= interval
    last.set(name, due ? { at: now, told: true } : before)
    const total = event.total === null ? '' : ` of ${formatSize(event.total)}`
    if (due) line(`${oneLine(event.what)} ${done}${total}`)
  }
}
