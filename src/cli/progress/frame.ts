import { formatSize } from '../../base/index.ts'
import { type Board, openStages } from './board.ts'
import { hasFailed, keptLines, type Lane, laneEnded } from './lanes.ts'
import { counted, laneRows, laneSummary, row, sumsOf, type View } from './rows.ts'

/** Most lines of output below a running step, fewer where the terminal is low; at last only what runs has a row. */
const attempts = [
  { ended: true, tail: 6 },
  { ended: true, tail: 3 },
  { ended: true, tail: 1 },
  { ended: true, tail: 0 },
  { ended: false, tail: 1 },
  { ended: false, tail: 0 },
] as const

/** The lanes of a build while it runs, in no more than so many rows. */
export function laneFrame(
  board: Board,
  lanes: readonly Lane[],
  view: View,
  rows: number,
): readonly string[] {
  const open = openStages(board)
  let lines: readonly string[] = []
  for (const show of attempts) {
    lines = lanes.flatMap((lane) => laneRows(lane, view, { ...show, open }))
    if (lines.length <= rows) return lines
  }
  return lines.slice(lines.length - rows)
}

/** `6/11 steps · 3 cached · 30MB`, and for how long. */
export function sumsRow({ lanes, plans, began }: Board, view: View): readonly string[] {
  const stages = [...lanes.values()].filter(({ total }) => total !== null)
  if (stages.length === 0) return []
  const { done, cached, bytes } = sumsOf(stages)
  const coming = [...plans.values()].filter(({ name }) => !lanes.has(name))
  const total =
    stages.reduce((sum, lane) => sum + (lane.total ?? 0), 0) +
    coming.reduce((sum, stage) => sum + stage.steps, 0)
  const parts = [
    `${done}/${counted(total, 'step')}`,
    ...(cached > 0 ? [`${cached} cached`] : []),
    formatSize(bytes),
    ...(coming.length > 0 ? [`to come: ${coming.map(({ name }) => name).join(', ')}`] : []),
  ]
  const line = { mark: ' ', title: parts.join(' · '), milliseconds: view.now - began }
  return [view.paint('dim', row(view, line))]
}

/** Stages that have ended while others go on, which become one line each; the last one to end stays. */
export function collapsible(lanes: readonly Lane[]): readonly Lane[] {
  const ended = lanes.filter((lane) => laneEnded(lane) && !hasFailed(lane))
  return lanes.length > ended.length ? ended : ended.slice(0, -1)
}

/** One line for a stage; a step that belongs to none has its row. */
export function collapsed(lane: Lane, view: View): readonly string[] {
  return lane.total === null ? whole(lane, view) : [laneSummary(lane, view)]
}

/** What stays of a build: the last stage with its steps, or what failed with its log; others in one line each. */
export function lastFrame(board: Board, lanes: readonly Lane[], view: View): readonly string[] {
  const failed = lanes.filter(hasFailed)
  const others = lanes.filter((lane) => !hasFailed(lane))
  const kept = failed.length > 0 ? failed : others.slice(-1)
  const rest = others.filter((lane) => !kept.includes(lane))
  return [
    ...rest.flatMap((lane) => collapsed(lane, view)),
    ...kept.flatMap((lane) => whole(lane, view)),
    ...(lanes.length > 0 ? sumsRow(board, view) : []),
  ]
}

function whole(lane: Lane, view: View): readonly string[] {
  return laneRows(lane, view, { ended: true, tail: keptLines, open: new Set() })
}
