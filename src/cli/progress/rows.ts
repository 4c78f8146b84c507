import { formatSize } from '../../base/index.ts'
import type { Paint } from '../../report/index.ts'
import { cutTo, displayWidth, padTo } from '../width.ts'
import { duration } from './duration.ts'
import { type Lane, type LaneStep, laneEnded, oneLine, stepsDone, tailOf } from './lanes.ts'

/** What rows are drawn for: cells of a line, colours, milliseconds of the clock that steps began by. */
export type View = { readonly width: number; readonly paint: Paint; readonly now: number }

type Row = {
  readonly indent?: string
  readonly mark: string
  readonly number?: string
  /** Cut to the room that there is, then coloured. */
  readonly title: string
  readonly style?: (title: string) => string
  /** What stands in the place of a time. */
  readonly word?: string
  readonly milliseconds?: number
  readonly size?: string
}

const [gap, timeCells, sizeCells] = [1, 7, 9]

/** A line whose times and sizes stand below those of the others, however wide the title is. */
export function row(view: View, { indent = '', mark, number = '', title, ...rest }: Row): string {
  const { style = (text) => text, word = '', milliseconds, size = '' } = rest
  const time = milliseconds === undefined ? word : duration(milliseconds)
  const left = `${indent}${mark} ${number === '' ? '' : `${number} `}`
  const right = padTo(time, timeCells, 'left') + padTo(size, sizeCells, 'left')
  const room = Math.max(8, view.width - displayWidth(left) - right.length - gap)
  const shown = cutTo(title, room)
  const blanks = ' '.repeat(Math.max(0, room + gap - displayWidth(shown)))
  return `${left}${style(shown)}${blanks}${right}`.trimEnd()
}

/** The stage by its name, then its steps; the last lines of what runs below it. */
export function laneRows(lane: Lane, view: View, show: Show): readonly string[] {
  const indent = hasName(lane) ? '  ' : ''
  const digits = Math.max(...lane.steps.map((step) => (numberOf(step, lane) ?? '').length))
  const shown = show.ended ? lane.steps : lane.steps.filter(({ end }) => end === null)
  const hidden = lane.steps.length - shown.length
  return [
    ...(hasName(lane) ? [heading(lane, view)] : []),
    ...(hidden > 0
      ? [row(view, { indent, mark: ' ', title: `${counted(hidden, 'step')} before` })]
      : []),
    ...shown.flatMap((step) => stepRows(step, lane, view, { indent, digits, tail: show.tail })),
    ...waiting(lane, view, show.open),
  ]
}

export type Show = {
  /** Whether steps that have ended have a row each. */
  readonly ended: boolean
  /** Lines of output below a step that runs or failed. */
  readonly tail: number
  /** Stages that have not ended. */
  readonly open: ReadonlySet<string>
}

/** A stage that has ended, in one line. */
export function laneSummary(lane: Lane, view: View): string {
  const { done, cached, made, bytes } = sumsOf([lane])
  const [first, all] = [lane.steps[0], lane.total ?? lane.steps.length]
  const last = Math.max(...lane.steps.map((step) => step.end?.at ?? view.now))
  const whole = made === cached
  const base = lane.plan ? `  ${lane.plan.base}` : ''
  const steps = done < all ? `${done} of ${counted(all, 'step')}` : counted(all, 'step')
  const some = cached > 0 && !whole ? `, ${cached} cached` : ''
  const name = oneLine(lane.name)
  return row(view, {
    mark: laneEnded(lane) ? (whole ? '◌' : view.paint('green', '✔')) : '–',
    title: `${name}${base}  ${steps}${some}`,
    style: (title) => title.replace(name, (found) => view.paint('bold', found)),
    ...(whole && laneEnded(lane)
      ? { word: 'cached' }
      : { milliseconds: last - (first?.started ?? last) }),
    size: laneEnded(lane) ? formatSize(bytes) : 'canceled',
  })
}

/** What the steps that have ended made. */
export function sumsOf(lanes: readonly Lane[]): {
  readonly done: number
  /** Of those that make a layer. */
  readonly cached: number
  readonly made: number
  readonly bytes: number
} {
  const ends = lanes.flatMap((lane) => lane.steps).flatMap(({ end }) => end?.event ?? [])
  return {
    done: lanes.reduce((sum, lane) => sum + stepsDone(lane), 0),
    cached: ends.filter(({ outcome }) => outcome === 'cached').length,
    made: ends.filter(({ bytes, outcome }) => bytes !== undefined || outcome === 'failed').length,
    bytes: ends.reduce((sum, { bytes = 0 }) => sum + bytes, 0),
  }
}

export function counted(count: number, word: string): string {
  return `${count} ${word}${count === 1 ? '' : 's'}`
}

function hasName({ name, total }: Lane): boolean {
  return name !== '' && total !== null
}

function heading({ name, plan }: Lane, { paint, width }: View): string {
  const base = plan ? cutTo(`  ${oneLine(plan.base)}`, Math.max(0, width - name.length)) : ''
  return `${paint('bold', oneLine(name))}${paint('dim', base)}`
}

function numberOf({ number, label }: LaneStep, { total }: Lane): string | null {
  if (number === null || total === null) return oneLine(label)
  return `${String(number).padStart(String(total).length)}/${total}`
}

function stepRows(
  step: LaneStep,
  lane: Lane,
  view: View,
  layout: { readonly indent: string; readonly digits: number; readonly tail: number },
): readonly string[] {
  const { indent, digits, tail } = layout
  const number = (numberOf(step, lane) ?? '').padStart(digits)
  const line = { indent, number, title: step.title }
  const { paint, now } = view
  const log = tailOf(step, tail).map((text) =>
    paint('dim', cutTo(`${indent}  │ ${text}`, view.width)),
  )
  if (step.end === null) {
    const milliseconds = now - step.started
    return [row(view, { ...line, mark: paint('cyan', '●'), milliseconds }), ...log]
  }
  const { at, event } = step.end
  const { outcome, bytes = event.baseBytes } = event
  const timed = { ...line, milliseconds: at - step.started }
  const size = bytes === undefined ? '' : formatSize(bytes)
  switch (outcome) {
    case 'done':
      return [row(view, { ...timed, mark: paint('green', '✔'), size })]
    case 'cached':
      return [row(view, { ...line, mark: '◌', word: 'cached', size })]
    case 'canceled':
      return [row(view, { ...timed, mark: '–', size: 'canceled' })]
    case 'failed':
      return [row(view, { ...timed, mark: paint('red', '✖'), size: 'failed' }), ...log]
    default:
      return outcome satisfies never
  }
}

/** Why a stage that has not ended has nothing that runs. */
function waiting(lane: Lane, { paint }: View, open: ReadonlySet<string>): readonly string[] {
  if (laneEnded(lane) || lane.steps.some(({ end }) => end === null)) return []
  const awaited = (lane.plan?.needs ?? []).filter((name) => open.has(name))
  return awaited.length === 0 ? [] : [paint('dim', `  · waiting for ${awaited.join(', ')}`)]
}
