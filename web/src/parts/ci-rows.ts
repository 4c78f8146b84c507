import type { Image, PageData } from '../data.ts'
import { duration, size } from '../format.ts'

export type Assumptions = {
  readonly megabitsPerSecond: number
  readonly compressionRatio: number
  readonly transfersPerRun: number
  readonly megabytesUnpackedPerSecond: number
}

export type CiRow = {
  readonly what: string
  readonly how: string
  readonly before: string
  readonly after: string
  readonly change: string
}

/** What a run moves and waits for, before and after; `saved` is what the estimates of one run say. */
export function ciRows(
  data: PageData,
  assumptions: Assumptions,
): {
  readonly rows: readonly CiRow[]
  readonly saved: { readonly seconds: number; readonly bytes: number }
} {
  const { before, after } = data
  if (!after) return { rows: [], saved: { seconds: 0, bytes: 0 } }
  const moved = (image: Image): number =>
    (image.compressedSize ?? image.size * assumptions.compressionRatio) *
    assumptions.transfersPerRun
  const moving = (image: Image): number =>
    (moved(image) * 8) / (assumptions.megabitsPerSecond * 1e6)
  const unpacking = (image: Image): number =>
    image.size / (assumptions.megabytesUnpackedPerSecond * 1e6)
  const pair = (of: (image: Image) => number) => ({ before: of(before), after: of(after) })
  const rows = [
    timeRow('pushing and pulling, a run', 'estimated', pair(moving)),
    timeRow('unpacking, a pull', 'estimated', pair(unpacking)),
    {
      ...{ what: 'traffic, a run', how: 'estimated' },
      ...{ before: size(moved(before)), after: size(moved(after)) },
      change: signed(moved(after) - moved(before), size),
    },
    ...measuredRows(data),
  ]
  const seconds = (image: Image): number => moving(image) + unpacking(image)
  return {
    rows,
    saved: { seconds: seconds(before) - seconds(after), bytes: moved(before) - moved(after) },
  }
}

function measuredRows(data: PageData): readonly CiRow[] {
  const { report, steps } = data
  const measured = report?.transfer?.measured
  const took = (side: 'before' | 'after'): number =>
    Math.max(0, ...steps.filter((one) => one.side === side).map((one) => one.start + one.seconds))
  const cached = steps.filter(({ outcome }) => outcome === 'cached').length
  // Nothing but the cache at work says nothing about a build.
  const worked = (side: 'before' | 'after'): boolean =>
    steps.some((one) => one.side === side && one.line !== null && one.outcome === 'done')
  const built = { before: took('before'), after: took('after') }
  const started = startTimes(data)
  return [
    ...(measured
      ? [
          timeRow('push', 'measured', {
            before: measured.fat.pushSeconds,
            after: measured.lean.pushSeconds,
          }),
          timeRow('pull', 'measured', {
            before: measured.fat.pullSeconds,
            after: measured.lean.pullSeconds,
          }),
        ]
      : []),
    ...(worked('before') && worked('after')
      ? [
          timeRow(
            'build on this machine',
            cached > 0 ? `measured, ${cached} of ${steps.length} steps cached` : 'measured',
            built,
          ),
        ]
      : []),
    ...(started ? [timeRow('from start to listening', 'measured', started)] : []),
  ]
}

/** Seconds that both containers took until they listened, which the differential probes saw: `… after 354 ms`. */
function startTimes({
  report,
}: PageData): { readonly before: number; readonly after: number } | null {
  const start = report?.proof
    .find(({ rung }) => rung === 'P7')
    ?.evidence.find(({ message }) => message === 'start')
  const [before, after] = [start?.fat, start?.lean].map((text) =>
    Number(/ after (\d+) ms$/.exec(text ?? '')?.[1]),
  )
  return before && after ? { before: before / 1000, after: after / 1000 } : null
}

function timeRow(
  what: string,
  how: string,
  { before, after }: { readonly before: number; readonly after: number },
): CiRow {
  return {
    ...{ what, how, before: duration(before), after: duration(after) },
    change: signed(after - before, duration),
  }
}

function signed(value: number, print: (value: number) => string): string {
  return `${value > 0 ? '+' : '−'}${print(Math.abs(value))}`
}
