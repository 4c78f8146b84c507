import { type EventSink, formatSize } from '../base/index.ts'
import type { Paint } from '../report/index.ts'
import { printable, type Stream } from './terminal.ts'

const [noWrap, wrap] = ['\u001b[?7l', '\u001b[?7h']

type Running = { readonly title: string; readonly started: number; tail: string[] }

/** What a build did so far; the last line while it runs. */
type Sums = { ended: number; cached: number; bytes: number }

const none: Sums = { ended: 0, cached: 0, bytes: 0 }

/**
 * Terminal progress: finished steps scroll away as one line with the bytes they made; running ones stay below, in one
 * lane a stage, with their timer and the last lines of their output, above a line of sums; a failed one prints its tail.
 * Redrawn in one synchronized write, cut to the width.
 */
export function liveSink(
  stream: Stream,
  clock: () => number,
  paint: Paint,
): { readonly sink: EventSink; readonly close: () => void } {
  const running = new Map<string, Running>()
  let sums = { ...none }
  let drawn = 0
  let phase = ''
  const clear = (): string => (drawn > 0 ? `\u001b[${drawn}F\u001b[J` : '')
  const draw = (above: string): void => {
    const lines = lanes()
    // The terminal may belong to an app: nothing to say is nothing written.
    if (lines.length === 0 && drawn === 0 && above === '') return
    const height = 24
    const shown = lines.slice(-height)
    // Without wrapping a line stays one line, however wide its characters are; what is above may wrap.
    const below = `${noWrap}${shown.map((line) => `${line}\n`).join('')}${wrap}`
    stream.write(`\u001b[?2026h${clear()}${above}${shown.length > 0 ? below : ''}\u001b[?2026l`)
    drawn = shown.length
  }
  const width = (): number => Math.max(20, (stream.columns ?? 80) - 1)
  const cut = (text: string, room = width()): string =>
    text.length > room ? `${text.slice(0, room - 1)}…` : text
  // The timer stays in sight, however long the title is.
  const row = (mark: string, text: string, tail: string): string =>
    `${mark} ${cut(text, width() - tail.length - 4)}  ${tail}`
  const seconds = (started: number): string => `${((clock() - started) / 1000).toFixed(1)}s`
  const frame = (step: string, state: Running): string[] => [
    row('●', `${step} ${state.title}`, seconds(state.started)),
    ...state.tail.slice(-3).map((line) => paint('dim', cut(`  │ ${line}`))),
  ]
  /** Steps of one stage together, in the order in which the stages began. */
  const lanes = (): string[] => {
    const stages = new Map<string, string[]>()
    for (const [step, state] of running)
      stages.set(stageOf(step), [...(stages.get(stageOf(step)) ?? []), ...frame(step, state)])
    const lines = [...stages.values()].flat()
    if (lines.length === 0 || sums.ended === 0) return lines
    const { ended, cached, bytes } = sums
    return [
      ...lines,
      paint(
        'dim',
        cut(`  ${ended} step${ended === 1 ? '' : 's'} · ${cached} cached · ${formatSize(bytes)}`),
      ),
    ]
  }
  const timer = setInterval(() => running.size > 0 && draw(''), 150)
  timer.unref()

  const sink: EventSink = (event) => {
    switch (event.kind) {
      case 'phase': {
        const again = event.name === phase
        phase = event.name
        sums = { ...none }
        const detail = event.detail ? `  ${printable(event.detail)}` : ''
        return draw(again ? `${cut(detail)}\n` : `\n${paint('bold', event.name)}${detail}\n`)
      }
      case 'step-start':
        running.set(event.step, { title: printable(event.title), started: clock(), tail: [] })
        return draw('')
      case 'step-output': {
        const state = running.get(event.step)
        if (!state) return
        const lines = Buffer.from(event.bytes)
          .toString('utf8')
          .split(/[\r\n]+/)
          .map((line) => printable(line).replaceAll('\t', '  '))
          .filter((line) => line.trim() !== '')
        state.tail = [...state.tail, ...lines].slice(-200)
        return
      }
      case 'step-end': {
        const state = running.get(event.step)
        running.delete(event.step)
        const mark = {
          done: paint('green', '✔'),
          cached: '◌',
          failed: paint('red', '✖'),
          canceled: '–',
        }[event.outcome]
        const time = event.outcome === 'cached' ? 'cached' : state ? seconds(state.started) : ''
        const size = event.bytes === undefined ? '' : `  ${formatSize(event.bytes).padStart(6)}`
        const word = time + size
        sums.ended += 1
        sums.cached += event.outcome === 'cached' ? 1 : 0
        sums.bytes += event.bytes ?? 0
        const tail =
          event.outcome === 'failed'
            ? (state?.tail ?? []).map((line) => `  │ ${line}\n`).join('')
            : ''
        return draw(`${tail}${row(mark, `${event.step} ${printable(event.title)}`, word)}\n`)
      }
      case 'transfer':
        return
      case 'notice':
        return draw(
          `${event.level === 'warning' ? paint('yellow', '▲ warning') : 'note'}: ${printable(event.message)}\n`,
        )
      default:
        return event satisfies never
    }
  }
  const close = (): void => {
    clearInterval(timer)
    running.clear()
    // What follows on the same terminal is the result.
    draw(phase === '' ? '' : '\n')
    phase = ''
  }
  return { sink, close }
}

/** `[builder 2/5]` is a step of builder; one without a name has a lane of its own. */
function stageOf(step: string): string {
  return /^\[(\S+) \d+\/\d+\]$/.exec(step)?.[1] ?? step
}
