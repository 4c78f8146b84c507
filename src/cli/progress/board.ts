import type { Event, PlannedStage } from '../../base/index.ts'
import { keptLines, type Lane, type LaneStep, laneEnded, oneLine, placeOf } from './lanes.ts'
import { outputLines } from './output-lines.ts'

type StepEvent = Extract<Event, { kind: 'stages' | 'step-start' | 'step-output' | 'step-end' }>

/** The stages and steps of one build, as far as their events tell. */
export type Board = {
  /** In the order in which they began. */
  readonly lanes: ReadonlyMap<string, Lane>
  /** Stages that are going to be built, whether they have begun or not. */
  readonly plans: ReadonlyMap<string, PlannedStage>
  /** Milliseconds of the clock. */
  readonly began: number
  note(event: StepEvent): void
  /** What still runs when nothing more will be told was stopped. */
  stop(): void
}

export function openBoard(clock: () => number): Board {
  const lanes = new Map<string, Lane>()
  const plans = new Map<string, PlannedStage>()
  const find = (label: string): LaneStep | undefined =>
    lanes.get(placeOf(label).lane)?.steps.find((step) => step.label === label)
  const begin = (label: string, title: string): LaneStep => {
    const { lane: name, number, total } = placeOf(label)
    const lane = lanes.get(name) ?? { name, total, steps: [], plan: plans.get(name) }
    lanes.set(name, lane)
    lane.total = total
    const begun = { title: oneLine(title), started: clock(), end: null }
    // A FROM whose layers are fetched later goes on under another title.
    const known = find(label)
    const step = known
      ? Object.assign(known, begun)
      : { label, number, ...begun, output: outputLines(), tail: [] }
    if (!known) lane.steps.push(step)
    return step
  }
  return {
    lanes,
    plans,
    began: clock(),
    note: (event) => {
      if (event.kind === 'stages') {
        for (const stage of event.stages) plans.set(stage.name, stage)
        return
      }
      if (event.kind === 'step-start') {
        begin(event.step, event.title)
        return
      }
      const step = find(event.step)
      if (event.kind === 'step-end') {
        const ending = step ?? begin(event.step, event.title)
        ending.end = { at: clock(), event }
      } else if (step) addOutput(step, event.bytes)
    },
    stop: () => {
      for (const step of [...lanes.values()].flatMap((lane) => lane.steps)) {
        const { label, title } = step
        const event = { kind: 'step-end', step: label, title, outcome: 'canceled' } as const
        step.end ??= { at: clock(), event }
      }
    },
  }
}

/** Names of the stages that have not ended. */
export function openStages({ lanes, plans }: Board): ReadonlySet<string> {
  const names = [...plans.keys(), ...lanes.keys()]
  return new Set(
    names.filter((name) => {
      const lane = lanes.get(name)
      return lane === undefined || !laneEnded(lane)
    }),
  )
}

function addOutput(step: LaneStep, bytes: Uint8Array): void {
  const lines = step.output.take(bytes).filter((line) => line.trim() !== '')
  if (lines.length > 0) step.tail = [...step.tail, ...lines].slice(-keptLines)
}
