/** Bounds of the running rungs, milliseconds. */
export type Timing = {
  /** Until a container listens. */
  readonly readyMs: number
  /** In which an app that listens may still refuse or answer 503. */
  readonly warmMs: number
  /** For one request or command. */
  readonly requestMs: number
  /** Between the stop signal and SIGKILL. */
  readonly graceMs: number
}

export const defaultTiming: Timing = {
  readyMs: 60_000,
  warmMs: 5_000,
  requestMs: 10_000,
  graceMs: 5_000,
}

/** However many wait for the processors, a proof has an end. */
const most = 3

/**
 * The bounds on a machine whose processors are taken: an app that gets a third of one needs three times as long to
 * start, and that says nothing of the app.
 * @param crowding processes that run or wait to run, for each processor; up to 1 nobody waits
 */
export function timingUnder(crowding: number): Timing {
  const factor = Math.min(Math.max(crowding, 1), most)
  // Whole milliseconds: AbortSignal.timeout takes no others.
  const longer = (bound: number): number => Math.round(bound * factor)
  const { readyMs, warmMs, requestMs, graceMs } = defaultTiming
  return {
    readyMs: longer(readyMs),
    warmMs: longer(warmMs),
    requestMs: longer(requestMs),
    graceMs: longer(graceMs),
  }
}
