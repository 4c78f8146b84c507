import type { Event } from '../base/index.ts'
import type { StepTime } from '../report/index.ts'
import type { Session } from './session.ts'

/**
 * A session that also keeps how long the steps of both builds of `slim` took. A side that is built again, after a
 * repair, starts anew.
 * @param now milliseconds on any monotonic clock
 */
export function recordSteps(
  session: Session,
  now: () => number = () => performance.now(),
): { readonly session: Session; readonly steps: () => readonly StepTime[] } {
  let side: StepTime['side'] | null = null
  let zero = 0
  const running = new Map<string, number>()
  const kept: Record<StepTime['side'], StepTime[]> = { before: [], after: [] }
  const note = (event: Event): void => {
    if (event.kind === 'phase') {
      side = sideOf(event.name)
      running.clear()
      zero = now()
      if (side) kept[side] = []
    }
    if (!side) return
    if (event.kind === 'step-start') running.set(event.step, now())
    if (event.kind === 'step-end') {
      const began = running.get(event.step) ?? now()
      const { title, outcome, line, bytes } = event
      const seconds = (ms: number): number => Math.round(ms) / 1000
      kept[side].push({
        ...{ side, title, outcome },
        start: seconds(began - zero),
        seconds: seconds(now() - began),
        line: line ?? null,
        bytes: bytes ?? null,
      })
    }
  }
  const emit = (event: Event): void => {
    note(event)
    session.emit(event)
  }
  return { session: { ...session, emit }, steps: () => [...kept.before, ...kept.after] }
}

function sideOf(phase: string): StepTime['side'] | null {
  if (phase === 'build fat') return 'before'
  return phase === 'build lean' ? 'after' : null
}
