import type { Event, PlannedStage } from '../../base/index.ts'
import { printable } from '../terminal.ts'
import type { OutputLines } from './output-lines.ts'

type StepEnd = Extract<Event, { kind: 'step-end' }>

export type LaneStep = {
  readonly label: string
  /** Position in its stage, null for a step without one. */
  readonly number: number | null
  title: string
  started: number
  end: { readonly at: number; readonly event: StepEnd } | null
  readonly output: OutputLines
  /** The last lines of its output, without empty ones. */
  tail: readonly string[]
}

/** One stage: its steps in the order in which they began. */
export type Lane = {
  readonly name: string
  /** Null for steps that belong to no stage. Triggers of the base make it larger than the FROM says. */
  total: number | null
  readonly plan: PlannedStage | undefined
  readonly steps: LaneStep[]
}

/** Lines that a failure keeps of its log. */
export const keptLines = 20

/** `[builder 2/5]`, `[2/5]`; anything else is a step by itself. */
export function placeOf(label: string): {
  readonly lane: string
  readonly number: number | null
  readonly total: number | null
} {
  const [, name = '', number, total] = /^\[(?:(.+) )?(\d+)\/(\d+)\]$/.exec(label) ?? []
  if (number === undefined) return { lane: label, number: null, total: null }
  return { lane: name, number: Number(number), total: Number(total) }
}

/** Its last step has ended, or one has failed. */
export function laneEnded(lane: Lane): boolean {
  if (hasFailed(lane)) return true
  if (lane.steps.some(({ end }) => end?.event.outcome === 'canceled')) return false
  if (lane.total !== null) return stepsDone(lane) >= lane.total
  return lane.steps.every((step) => step.end !== null)
}

export function hasFailed({ steps }: Lane): boolean {
  return steps.some(({ end }) => end?.event.outcome === 'failed')
}

/** Steps of a stage go one after the other, and its FROM says nothing where it is another stage. */
export function stepsDone({ steps, total }: Lane): number {
  const ended = steps.filter(({ end }) => ['done', 'cached'].includes(end?.event.outcome ?? ''))
  return total === null ? ended.length : Math.max(0, ...ended.map(({ number }) => number ?? 0))
}

/** The last lines, the one that is being written included. */
export function tailOf(step: LaneStep, count: number): readonly string[] {
  const rest = step.output.rest()
  const lines = [...step.tail, ...(rest.trim() === '' ? [] : [rest])]
  return lines.slice(Math.max(0, lines.length - count))
}

export function oneLine(text: string): string {
  return printable(text).replace(/\s+/g, ' ').trim()
}
