import { withScope } from '../../base/index.ts'
import { type ProbeOutcome, warmRequest } from './ask.ts'
import { type Readiness, startContainer, waitReady } from './launch.ts'
import type { ObserveInput } from './observe.ts'

/** More processes of fat than this are not started, whatever stays open. */
const mostProcesses = 3

/**
 * Asks further processes of fat what the first one could not decide: what differs between two processes of one image
 * (an instance's number, the order of a set) is no difference of two images, and what is the same is one.
 */
export async function askOthers(
  outcomes: readonly ProbeOutcome[],
  input: ObserveInput,
  readiness: Readiness,
): Promise<readonly ProbeOutcome[]> {
  let found = outcomes
  for (let at = 0; at < mostProcesses && found.some(({ again }) => again); at += 1)
    found = await askOne(found, input, readiness)
  return found
}

function askOne(
  outcomes: readonly ProbeOutcome[],
  { runner, fat, clock, timing, signal }: ObserveInput,
  readiness: Readiness,
): Promise<readonly ProbeOutcome[]> {
  return withScope(async (scope) => {
    const container = await startContainer(runner, fat, signal)
    if ('reason' in container) return outcomes.map(withoutAgain)
    scope.add(container, async (running) => {
      await running.stop({ signal: 'SIGKILL', graceMs: 1_000 })
    })
    await waitReady(container, readiness, clock, signal)
    const options = {
      clock,
      timeoutMs: timing.requestMs,
      warmUntil: clock.now() + timing.warmMs,
      signal,
    }
    const out: ProbeOutcome[] = []
    for (const outcome of outcomes) {
      const { probe, again } = outcome
      if (again && probe.kind === 'http')
        out.push(again(await warmRequest(container, probe, options)))
      else out.push(outcome)
    }
    return out
  })
}

function withoutAgain({ again: _, ...outcome }: ProbeOutcome): ProbeOutcome {
  return outcome
}
