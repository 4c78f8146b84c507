import type { StepTime } from '../document.ts'

/** Times are rounded to milliseconds, so a step may seem to begin one before its cause ended. */
const slack = 0.002

/**
 * Which steps of one build decided how long it took: the one that ended last, the one whose end it waited for (the last
 * that ended before it began), and so on to the start. Cached steps, and others that took no time, are not on it.
 */
export function criticalSteps(steps: readonly StepTime[]): ReadonlySet<StepTime> {
  const chain = new Set<StepTime>()
  let next = latest(steps)
  while (next) {
    const { start } = next
    chain.add(next)
    next = latest(steps.filter((step) => !chain.has(step) && endOf(step) <= start + slack))
  }
  return chain
}

function latest(steps: readonly StepTime[]): StepTime | undefined {
  let found: StepTime | undefined
  for (const step of steps)
    if (step.outcome !== 'cached' && step.seconds > 0 && (!found || endOf(step) >= endOf(found)))
      found = step
  return found
}

function endOf({ start, seconds }: StepTime): number {
  return start + seconds
}
