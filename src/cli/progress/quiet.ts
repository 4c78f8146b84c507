import type { EventSink } from '../../base/index.ts'
import type { Stream } from '../terminal.ts'
import { openBoard } from './board.ts'
import { keptLines, tailOf } from './lanes.ts'

/** Nothing but errors, of which the end of a failed step's log is a part. */
export function quietSink(stream: Stream): EventSink {
  const board = openBoard(() => 0)
  return (event) => {
    if (event.kind === 'step-start' || event.kind === 'step-output' || event.kind === 'step-end')
      board.note(event)
    if (event.kind !== 'step-end' || event.outcome !== 'failed') return
    const steps = [...board.lanes.values()].flatMap((lane) => lane.steps)
    const failed = steps.find(({ label }) => label === event.step)
    if (!failed) return
    const lines = [`${failed.label} ${failed.title}`, ...tailOf(failed, keptLines)]
    stream.write(lines.map((line) => `${line}\n`).join(''))
  }
}
