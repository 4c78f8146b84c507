import { type Event, type EventSink, formatSize } from '../../base/index.ts'
import type { Paint } from '../../report/index.ts'
import { fitWidth } from '../table.ts'
import { printable, type Stream } from '../terminal.ts'
import { openBoard, openStages } from './board.ts'
import { collapsed, collapsible, laneFrame, lastFrame, sumsRow } from './frame.ts'
import { type Lane, oneLine } from './lanes.ts'
import { openRegion } from './region.ts'
import { row, type View } from './rows.ts'
import { nameOf, transfersShown } from './transfers.ts'

/** Milliseconds between two pictures. */
const refresh = 150

/** Cells; what stands at the end of a longer line is hard to find. */
const widest = 140

/** Rows for what is on its way. */
const mostTransfers = 6

/**
 * Terminal progress. Stages are lanes with their steps, timers, the bytes of each layer and the last lines of output,
 * above a line of sums, redrawn in place; a stage that ends while others go on becomes one line that scrolls away. What
 * is there at the end stays: the last stage with all its steps, or what failed with the end of its log.
 */
export function liveSink(
  stream: Stream,
  clock: () => number,
  paint: Paint,
): { readonly sink: EventSink; readonly close: () => void } {
  const region = openRegion(stream)
  const transfers = transfersShown()
  const phase = phases(clock)
  let board = openBoard(clock)
  let timer: NodeJS.Timeout | undefined
  /** Lanes that have been printed for good. */
  const gone = new Set<Lane>()

  const view = (): View => ({ width: Math.min(widest, region.columns() - 1), paint, now: clock() })
  const shown = (): Lane[] => [...board.lanes.values()].filter((lane) => !gone.has(lane))
  const frame = (): readonly string[] => {
    const now = view()
    const moving = transfers.rows(now, mostTransfers)
    const lanes = shown()
    const end = [...moving, ...phase.rows(now), ...(lanes.length > 0 ? sumsRow(board, now) : [])]
    const rows = region.rows() - 1
    return [...laneFrame(board, lanes, now, Math.max(1, rows - end.length)), ...end].slice(-rows)
  }
  const draw = (above: readonly string[] = []): void => {
    const lines = frame()
    region.draw(above, lines)
    if (lines.length === 0) stop()
    else timer ??= setInterval(draw, refresh).unref()
  }
  const stop = (): void => {
    clearInterval(timer)
    timer = undefined
  }
  const collapse = (): readonly string[] =>
    collapsible(shown()).flatMap((lane) => {
      gone.add(lane)
      return collapsed(lane, view())
    })
  const finish = (): readonly string[] => {
    board.stop()
    const lines = [...lastFrame(board, shown(), view()), ...phase.ended(view())]
    board = openBoard(clock)
    gone.clear()
    transfers.clear()
    return lines
  }

  const sink: EventSink = (event) => {
    switch (event.kind) {
      case 'phase': {
        const before = finish()
        return draw([...before, ...phase.begin(event, paint)])
      }
      case 'step-output':
        return board.note(event)
      case 'stages': {
        // One build after the other, or one inside another: a base that is made while its FROM waits.
        const before = openStages(board).size === 0 ? finish() : []
        board.note(event)
        return draw(before)
      }
      case 'step-start':
      case 'step-end':
        board.note(event)
        return draw(collapse())
      case 'transfer': {
        const took = transfers.note(event, clock())
        // Beside steps it is one of their parts.
        if (took === undefined || board.lanes.size > 0) return draw()
        const size = formatSize(event.done)
        const mark = paint('green', '✔')
        return draw([row(view(), { mark, title: nameOf(event), milliseconds: took, size })])
      }
      case 'notice': {
        const name = event.level === 'warning' ? paint('yellow', '▲ warning') : 'note'
        return draw([fitWidth(`${name}: ${printable(event.message)}`, region.columns())])
      }
      default:
        return event satisfies never
    }
  }
  const close = (): void => {
    stop()
    const lines = finish()
    // What follows on the same terminal is the result.
    region.draw([...lines, ...(phase.end() ? [''] : [])], [])
  }
  return { sink, close }
}

type PhaseEvent = Extract<Event, { kind: 'phase' }>

/** A phase is a head line; one that is told of again is a list below it, whose last part is still going on. */
function phases(clock: () => number): {
  begin(event: PhaseEvent, paint: Paint): readonly string[]
  rows(view: View): readonly string[]
  /** The last part, when nothing follows in its phase. */
  ended(view: View): readonly string[]
  /** @returns whether there was a phase */
  end(): boolean
} {
  let name = ''
  let part: { readonly title: string; readonly since: number } | undefined
  return {
    begin: (event, paint) => {
      const title = oneLine(event.detail ?? '')
      if (event.name === name) {
        part = { title, since: clock() }
        return []
      }
      name = event.name
      return ['', `${paint('bold', name)}${title ? `  ${title}` : ''}`]
    },
    rows: (view) => {
      if (!part) return []
      const line = { indent: '  ', mark: view.paint('cyan', '●'), title: part.title }
      return [row(view, { ...line, milliseconds: view.now - part.since })]
    },
    ended: (view) => {
      if (!part) return []
      const line = { mark: ' ', title: part.title, milliseconds: view.now - part.since }
      part = undefined
      return [row(view, line)]
    },
    end: () => {
      const was = name !== ''
      name = ''
      return was
    },
  }
}
